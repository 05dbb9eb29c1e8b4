import { healthOf } from '../../../src/domain/health';
import type { Health } from '../../../src/domain/health';
import type { KubeObject, ObjectMeta } from '../../../src/domain/kube-object';

export type Json = Readonly<Record<string, unknown>>;
/** What a check is about: name, spec, status, and the health expected in short. */
export type Row = readonly [name: string, spec: Json, status: Json | undefined, expected: string];

/** An object of a type such as `apps/v1/Deployment`, at generation 2. */
export function objectOf(type: string, more: Json = {}, metadata: Partial<ObjectMeta> = {}): KubeObject {
  const slash = type.lastIndexOf('/');
  return {
    apiVersion: type.slice(0, slash),
    kind: type.slice(slash + 1),
    metadata: { name: 'web', generation: 2, ...metadata },
    ...more,
  };
}

/** A health in short: `Progressing: its message`. */
export function brief(found: Health | undefined): string {
  if (found === undefined) return 'not counted';
  return found.message === undefined ? found.status : `${found.status}: ${found.message}`;
}

/** Expects the health of an object of this type to be what the row says. */
export function check(type: string, [, spec, status, expected]: Row): void {
  expect(brief(healthOf(objectOf(type, status === undefined ? { spec } : { spec, status })))).toBe(expected);
}

/** A status whose controller has seen the newest spec. */
export const seen = { observedGeneration: 2 };
/** A status with one condition. */
export const condition = (type: string, status: string, more: Json = {}): Json => ({
  conditions: [{ type, status, ...more }],
});
