import type { ApplicationSpec } from '../domain/application-spec';
import { fieldOf, isMap } from '../domain/read-json';
import type { RolloutSpec } from '../domain/rollout-status';
import type { RestartInput } from './restart';

/** What an activity's input is about, as far as projects are concerned. */
export type Question =
  | { readonly kind: 'application'; readonly spec: ApplicationSpec }
  | { readonly kind: 'rollout'; readonly spec: RolloutSpec }
  | { readonly kind: 'pods'; readonly input: RestartInput };

/** Inputs that are about neither an application, nor a rollout, nor pods are undefined: they write nothing to a cluster. */
export function questionOf(input: unknown): Question | undefined {
  const spec = fieldOf(input, 'spec');
  if (isMap(fieldOf(spec, 'destination'))) return { kind: 'application', spec: spec as ApplicationSpec };
  if (isMap(fieldOf(spec, 'target'))) return { kind: 'rollout', spec: spec as RolloutSpec };
  if (typeof fieldOf(input, 'restartAt') === 'string') return { kind: 'pods', input: input as RestartInput };
  return undefined;
}

export function projectOf(question: Question): string {
  switch (question.kind) {
    case 'application':
      return question.spec.project;
    case 'rollout':
      return question.spec.project ?? 'default';
    case 'pods':
      return question.input.project ?? 'default';
  }
}

export function namespaceOf(question: Question): string {
  switch (question.kind) {
    case 'application':
      return question.spec.destination.namespace;
    case 'rollout':
      return question.spec.namespace;
    case 'pods':
      return question.input.namespace;
  }
}
