import type { ApplicationSpec } from './application-spec';
import { emptyState, type ApplicationState } from './application-state';
import type { Problem, Read } from './problem';
import { isMap, type JsonMap } from './read-json';
import type { RolloutSpec } from './rollout-status';

/** What the ConfigMap `belay-<application>` holds, read and checked. */
export interface MirroredApplication {
  /** Undefined where no sync has ended yet. */
  readonly spec?: ApplicationSpec;
  readonly state: ApplicationState;
  /** Workload → the newest rollout that began; whether it has ended is seen in the cluster alone. */
  readonly rollouts: Readonly<Record<string, RolloutSpec>>;
  /** Workload → its newest rollout that was broken off without Temporal. */
  readonly broken: Readonly<Record<string, BrokenOff>>;
}

/** A rollout that a person has ended by `belay abort --break-glass`. */
export interface BrokenOff {
  readonly rolloutId: string;
  readonly number: number;
  /** Quarantine key. */
  readonly version: string;
  readonly revision: string;
  /** A claim: whoever may write to the cluster may write this too. */
  readonly by: string;
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Where an application lies in the cluster. */
export interface MirrorPlace {
  readonly application: string;
  readonly namespace: string;
}

const rolloutPrefix = 'rollout.';
const brokenPrefix = 'aborted.';

/** Key of the newest rollout of a workload. */
export function rolloutKey(workload: string): string {
  return `${rolloutPrefix}${workload}`;
}

/** Key of the rollout of a workload that was broken off. */
export function brokenKey(workload: string): string {
  return `${brokenPrefix}${workload}`;
}

/** Reads a mirror; everything that is wrong with it is named. Fields that an older Belay did not write are as in a new application. */
export function readMirrored(
  place: MirrorPlace,
  data: Readonly<Record<string, string>>,
): Read<MirroredApplication> {
  const problems: Problem[] = [];
  const parse = (key: string): JsonMap | undefined => {
    const read = parseObject(data[key] ?? '');
    if (read === undefined) problems.push(broken(place, `data.${key}`, 'is no JSON object'));
    return read;
  };
  const below = <T>(prefix: string): Record<string, T> => {
    const keys = Object.keys(data).filter((key) => key.startsWith(prefix));
    return Object.fromEntries(
      keys.flatMap((key) => {
        const read = parse(key);
        if (read === undefined) return [];
        if (typeof read['rolloutId'] === 'string' && typeof read['number'] === 'number')
          return [[key.slice(prefix.length), read as T]];
        problems.push(broken(place, `data.${key}`, 'names no rollout'));
        return [];
      }),
    );
  };
  const stored = data['state'] === undefined ? {} : (parse('state') ?? {});
  problems.push(...wrongIn(place, stored));
  const rollouts = below<RolloutSpec>(rolloutPrefix);
  const brokenOff = below<BrokenOff>(brokenPrefix);
  if (problems.length > 0) return { ok: false, problems };
  const { spec, ...state } = stored as unknown as ApplicationState & { readonly spec?: ApplicationSpec };
  return {
    ok: true,
    value: {
      state: { ...emptyState, ...state },
      rollouts,
      broken: brokenOff,
      ...(spec === undefined ? {} : { spec }),
    },
  };
}

function wrongIn(place: MirrorPlace, stored: JsonMap): readonly Problem[] {
  const problems: Problem[] = [];
  const { application, namespace } = place;
  for (const field of ['quarantine', 'workloads'])
    if (stored[field] !== undefined && !isMap(stored[field]))
      problems.push(broken(place, `data.state: ${field}`, 'is no object'));
  if (stored['history'] !== undefined && !Array.isArray(stored['history']))
    problems.push(broken(place, 'data.state: history', 'is no list'));
  const { spec } = stored;
  if (spec === undefined) return problems;
  if (!isMap(spec) || !isMap(spec['source']) || !isMap(spec['destination']))
    return [...problems, broken(place, 'data.state: spec', 'is no specification of an application')];
  if (spec['name'] !== application)
    problems.push(broken(place, 'data.state: spec.name', `is not ${application}: it was copied or renamed`));
  if (spec['destination']['namespace'] !== namespace)
    problems.push(
      broken(place, 'data.state: spec.destination.namespace', `is not ${namespace}: it was copied`),
    );
  return problems;
}

function broken({ application, namespace }: MirrorPlace, field: string, what: string): Problem {
  return {
    code: 'Invalid',
    object: `ConfigMap ${namespace}/belay-${application}`,
    field,
    message: `${field} ${what}`,
    remedy: `mend it, or delete the ConfigMap and \`belay app create -f\` the application anew`,
  };
}

function parseObject(text: string): JsonMap | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
