import type { KubeObject } from './kube-object';
import { keyOf, remember } from './first-seen';
import { peekText } from './peek';
import { findingsOf } from './pod-trouble';
import { GRACE } from './pod-verdict';
import type { PodVerdict, PodsFailed, PodsOk, PodsSeen, PodsWaiting } from './pod-verdict';
import { replicaSetFindings } from './replica-set-trouble';
import type { PodFinding, Trouble } from './trouble';

export { GRACE };
export type {
  FailureCode,
  FirstSeen,
  Grace,
  PodVerdict,
  PodsFailed,
  PodsOk,
  PodsSeen,
  PodsWaiting,
} from './pod-verdict';

type Timed<T> = { readonly finding: T; readonly since: number };
type TroubleFinding = PodFinding & Trouble;

/**
 * Judges the pods of a new version as they are now, without waiting for a deadline where waiting cannot help: states that never
 * heal are failures at once (a second crash is one), refused pulls at the second try, trouble of the surroundings after a grace
 * that is counted across looks by `firstSeen`. Pods that are being deleted or have finished do not count.
 */
export function judgePods(seen: PodsSeen): PodVerdict {
  const grace = { ...GRACE, ...seen.grace };
  const context = { grace, generated: seen.generated ?? [], existing: seen.existing ?? [] };
  const live = seen.pods.filter(isCounted);
  const findings = [
    ...replicaSetFindings(seen, grace),
    ...live.flatMap((pod) => findingsOf(pod, seen.events, context)),
  ];
  const firstSeen = remember(seen, live, findings);
  const timed = findings.map((finding) => ({ finding, since: firstSeen[keyOf(finding)] ?? seen.now }));
  return { ...conclude(timed, seen), firstSeen };
}

/** A pod in phase Failed was evicted or turned away by its node; its ReplicaSet makes another. */
function isCounted(pod: KubeObject): boolean {
  const phase = peekText(pod, 'status', 'phase');
  return pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

function conclude(timed: readonly Timed<PodFinding>[], seen: PodsSeen): PodsOk | PodsWaiting | PodsFailed {
  const troubles = timed.flatMap(({ finding, since }) =>
    finding.kind === 'trouble' ? [{ finding, since }] : [],
  );
  const due = troubles.filter((entry) => seen.now >= untilOf(entry));
  const held = seen.stableAlsoFails === true ? due.filter(({ finding }) => finding.isOwnFault) : due;
  const worst = held.find(({ finding }) => finding.isOwnFault) ?? held[0];
  if (worst !== undefined)
    return fail(
      worst.finding,
      due.map(({ finding }) => finding),
    );
  if (due[0] !== undefined) return holdForStable(due[0]);
  const next = troubles.toSorted((a, b) => untilOf(a) - untilOf(b))[0];
  if (next !== undefined) return { ...waitFor(next), until: untilOf(next) };
  return timed[0] === undefined ? { kind: 'ok' } : waitFor(timed[0]);
}

function untilOf({ finding, since }: Timed<TroubleFinding>): number {
  return since + finding.grace;
}

function waitFor({ finding, since }: Timed<PodFinding>): PodsWaiting {
  const parts = finding.kind === 'trouble' ? [finding.what, finding.message] : [finding.message];
  const message = [placeOf(finding), ...parts].filter((part) => part !== '').join(': ');
  return { kind: 'waiting', reason: finding.reason, message, since };
}

function holdForStable({ finding, since }: Timed<TroubleFinding>): PodsWaiting {
  const message = `the stable version fails too, so this may not be the new version's fault: ${placeOf(finding)}: ${finding.what}`;
  return { kind: 'waiting', reason: 'StableFailsToo', message, since };
}

function fail(finding: TroubleFinding, due: readonly TroubleFinding[]): PodsFailed {
  const { code, object, pod, container, reason, message, speaker, what, todo } = finding;
  const others = new Set(
    due.filter((other) => other.code === code && other.object !== object).map((other) => other.object),
  ).size;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  const words = message === '' ? '' : ` The ${speaker} says: ${message.replace(/\.$/, '')}.`;
  return {
    kind: 'failed',
    code,
    object,
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
    reason,
    message,
    sentence: `${placeOf(finding)}${more}: ${what}.${words} ${todo}`,
  };
}

function placeOf({ object, container }: PodFinding): string {
  return container === undefined ? object : `${object}, container ${container}`;
}
