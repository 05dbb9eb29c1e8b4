import type { PodTemplate } from './apps';
import { renameConfig, type ConfigNames } from './config-refs';
import { fitName } from './fit-name';
import { isEnded } from './job-state';
import type { KubeObject } from './kube-object';
import { marks } from './marks';
import { isMap, mapOf, valueAt } from './read-json';
import type { HookFacts } from './rollout-status';
import type { Hook } from './workload';

/** Labels and annotations of the Jobs that run beside a rollout. */
export const jobMarks = {
  /** Label: the hook that this Job runs. */
  hook: 'belay.dev/hook',
  /** Annotation on a hook's Job that has been let run: from then on it has to be undone. */
  released: 'belay.dev/released',
  /** Annotation by people on an undo Job that cannot succeed: what it would do has been done by hand. */
  byHand: 'belay.dev/undone-by-hand',
} as const;

/** What travels of a hook through a history: its name, not its Job. */
export function hookFacts({ name, phase, undo }: Hook): HookFacts {
  return { name, phase, ...(undo === undefined ? {} : { undo: undo.object.metadata.name }) };
}

const shortestLifeSeconds = 3_600;
const lifeSeconds = 86_400;

/** `<hook>-<rolloutId>`, with `-undo` for the Job that takes it back: the name is what makes each run once. */
export function hookJobName(hook: string, rolloutId: string, part: 'do' | 'undo'): string {
  return fitName(hook, `-${rolloutId}${part === 'undo' ? '-undo' : ''}`);
}

/** The Job of one measurement: `<rolloutId>-<analysis>-<metric>-<number>`; Argo Rollouts: `<run's UID>.<metric>.<number>`. */
export function metricJobName(measured: {
  readonly rolloutId: string;
  readonly analysis: string;
  readonly metric: string;
  readonly number: number;
}): string {
  const { rolloutId, analysis, metric, number } = measured;
  return fitName(`${rolloutId}-${analysis}-${metric}`, `-${number}`);
}

export interface JobOverlay {
  readonly name: string;
  readonly namespace: string;
  readonly application: string;
  readonly rolloutId?: string;
  readonly hook?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Added to every container, in place of its own variables of the same name. */
  readonly env?: Readonly<Record<string, string>>;
  readonly configNames?: ConfigNames;
  /** Created with no pods, to be let run later. */
  readonly suspend?: boolean;
}

/**
 * The Job as it is created: under its own name, marked as the application's, without a selector of its own (it would take the pods
 * of another run). A finished Job stays a day, and never less than an hour: it is how a worker that comes back knows that it has run.
 */
export function composeJob(git: Readonly<Record<string, unknown>>, overlay: JobOverlay): KubeObject {
  const { name, namespace, application, rolloutId, hook, annotations, suspend } = overlay;
  const {
    selector: _selector,
    manualSelector: _manual,
    suspend: _suspend,
    ...spec
  } = mapOf(valueAt(git, 'spec'));
  const { labels, annotations: notes } = mapOf(valueAt(git, 'metadata'));
  const written = spec['ttlSecondsAfterFinished'];
  const ttlSecondsAfterFinished =
    typeof written === 'number' ? Math.max(written, shortestLifeSeconds) : lifeSeconds;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels: {
        ...textsOf(labels),
        [marks.application]: application,
        ...(rolloutId === undefined ? {} : { [marks.rollout]: rolloutId }),
        ...(hook === undefined ? {} : { [jobMarks.hook]: hook }),
      },
      annotations: { ...textsOf(notes), ...annotations },
    },
    spec: {
      ...spec,
      ttlSecondsAfterFinished,
      ...(suspend === true ? { suspend } : {}),
      template: composeTemplate(mapOf(valueAt(spec, 'template')), overlay),
    },
  };
}

function composeTemplate(
  template: Readonly<Record<string, unknown>>,
  { env = {}, configNames = {} }: JobOverlay,
): PodTemplate {
  const spec = renameConfig(mapOf(valueAt(template, 'spec')), configNames);
  const withEnv = (container: unknown): unknown => {
    if (!isMap(container)) return container;
    const own = Array.isArray(container['env']) ? (container['env'] as unknown[]) : [];
    const kept = own.filter((each) => !Object.hasOwn(env, String(valueAt(each, 'name'))));
    return { ...container, env: [...kept, ...Object.entries(env).map(([name, value]) => ({ name, value }))] };
  };
  const lists = Object.fromEntries(
    ['initContainers', 'containers'].flatMap((field) => {
      const list = spec[field];
      return Array.isArray(list) ? [[field, list.map(withEnv)]] : [];
    }),
  );
  return { ...template, spec: { ...spec, ...lists } };
}

/**
 * How far the Job of a hook got. `held`: it was created and has had no pod; `started`: its pods may have done something.
 * A Job that has gone says nothing: whoever knows that it ran says so.
 */
export function hookState(job: KubeObject | undefined): 'absent' | 'held' | 'started' | 'ended' {
  if (job === undefined) return 'absent';
  if (isEnded(job)) return 'ended';
  return job.metadata.annotations?.[jobMarks.released] === undefined ? 'held' : 'started';
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isMap(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}
