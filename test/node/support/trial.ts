import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationStatus } from '../../../src/domain/application-status';
import type { RolloutStatus } from '../../../src/domain/rollout-status';
import type { Answer } from '../../../tools/node/load';
import type { Version } from './manifests';
import type { NodeEnvironment } from './node-environment';
import { openStorefront, type Storefront } from './storefront';

/** One new version under constant load, from its push to its end. */
export interface Trial {
  readonly name: string;
  readonly strategy: string;
  readonly version: Version;
  /** What is done while the version goes out. */
  readonly meanwhile?: (shop: Storefront) => Promise<void>;
}

export interface TrialResult {
  readonly answers: readonly Answer[];
  readonly status: ApplicationStatus;
  readonly rollout: RolloutStatus;
  readonly pushedAt: number;
  readonly revision: string;
  readonly shop: Storefront;
  /** Of the new version, in their order. */
  readonly ofNew: readonly Answer[];
}

const before = { tag: 'v1' };
const loadAloneMs = 1_000;

/** Delivers version 1, begins the load, pushes the version, waits until it is promoted or everything is back, and ends the load. */
export async function tryVersion(env: NodeEnvironment, trial: Trial): Promise<TrialResult> {
  const { name, strategy, version, meanwhile } = trial;
  const shop = await openStorefront(env, name, strategy);
  const load = await env.startLoad(shop.host);
  try {
    await sleep(loadAloneMs);
    const pushedAt = Date.now();
    const revision = await shop.push(version, strategy);
    await meanwhile?.(shop);
    const status = await shop.waitFor(
      'it is promoted, or back',
      ({ state, health, operation }) =>
        (state.synced === revision || state.lastFailure?.revision === revision) &&
        health === 'Healthy' &&
        operation === undefined,
      90_000,
    );
    await sleep(loadAloneMs);
    const answers = await load.stop();
    const rollout = await env.client.rolloutStatus(name);
    const ofNew = answers.filter((each) => each.version !== undefined && each.version !== before.tag);
    return { answers, status, rollout, pushedAt, revision, shop, ofNew };
  } finally {
    await load.stop();
  }
}

/** When the measurement that decided was taken, or else when the verdict was; undefined of a version that was promoted. */
export function decidedAt({ rollout }: TrialResult): number | undefined {
  if (rollout.failure === undefined) return undefined;
  const isFailed = ({ phase }: { readonly phase: string }): boolean => phase === 'Failed';
  const runs = (rollout.analyses ?? []).map(({ run }) => run).filter(isFailed);
  const decisive = runs
    .flatMap(({ metrics }) => metrics.filter(isFailed))
    .map(({ measurements }) => measurements.findLast(isFailed))
    .filter((each) => each !== undefined)
    .map(({ finishedAt, startedAt }) => finishedAt ?? startedAt);
  return decisive.length > 0 ? Math.min(...decisive) : rollout.failure.at;
}

/** Requests that failed. */
export function failures(answers: readonly Answer[]): readonly Answer[] {
  return answers.filter(({ code }) => code !== 200);
}

/** Within this after the decision no request may reach the new version. */
export const restoredWithinMs = 2_000;

/**
 * Failed requests that the new version did not cause: its own it answered itself. Of a version that crashes, those that the gateway
 * answered in its place count as its own too, from its first answer until it should get no more.
 */
export function foreignFailures(result: TrialResult, { crashes = false } = {}): readonly Answer[] {
  const from = result.ofNew[0]?.sentAt ?? Infinity;
  const to = (decidedAt(result) ?? -Infinity) + restoredWithinMs;
  return failures(result.answers).filter(({ version, sentAt }) => {
    if (version !== undefined) return version === before.tag;
    return !(crashes && sentAt >= from && sentAt <= to);
  });
}

/** How long after the decision the last request was given to the new version, whether it still answered or not; 0 before it. */
export function restoredAfter(result: TrialResult, { crashes = false } = {}): number | undefined {
  const decided = decidedAt(result);
  if (decided === undefined) return undefined;
  const gone = crashes ? failures(result.answers).filter(({ version }) => version === undefined) : [];
  return Math.max(0, ...[...result.ofNew, ...gone].map(({ sentAt }) => sentAt - decided));
}

/** One line for each kind of failure, with moments in seconds since the push; empty when there is none. */
export function describeFailures(failed: readonly Answer[], { pushedAt }: TrialResult): readonly string[] {
  const since = (answer: Answer): string => `${((answer.sentAt - pushedAt) / 1000).toFixed(2)} s`;
  const kinds = Map.groupBy(failed, ({ code, version, error }) => {
    const who = version ?? 'the gateway';
    return code === 0 ? error : `${code} by ${who}`;
  });
  return [...kinds].map(([kind, all]) => {
    const [first, last] = [all[0], all.at(-1)];
    const when = first === undefined || last === undefined ? '' : `from ${since(first)} to ${since(last)}`;
    return `${all.length} × ${kind}, ${when}`;
  });
}
