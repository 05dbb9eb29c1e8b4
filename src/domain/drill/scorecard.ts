import type { DrillFault } from './fault';
import type { DrillEnd, Timeline } from './timeline';

/** One promise, and what was seen of it. */
export interface Check {
  /** Which application, where it is about one. */
  readonly application?: string;
  readonly promise: string;
  readonly held: boolean;
  readonly seen: string;
}

/** Requests that a drill sent by itself. */
export interface ProbeCount {
  readonly url: string;
  readonly sent: number;
  /** No answer within the time, or one that says 5xx. */
  readonly lost: number;
  readonly slowestMs: number;
  /** What the first that was lost got. */
  readonly firstLoss?: string;
}

/** How a drill came out. Milliseconds; what was not seen is absent. */
export interface Scorecard {
  readonly id: string;
  readonly subject: string;
  readonly fault: DrillFault;
  readonly branch: string;
  readonly revision: string;
  readonly end: DrillEnd;
  /** From the push to the verdict, to everything as before; from the verdict to traffic back. */
  readonly detectMs?: number;
  readonly restoreMs?: number;
  readonly backMs?: number;
  readonly probe?: ProbeCount;
  readonly checks: readonly Check[];
  readonly passed: boolean;
}

/** What a scorecard is made of. */
export interface DrillResult {
  readonly drill: Pick<Scorecard, 'id' | 'subject' | 'fault' | 'branch' | 'revision'>;
  readonly end: DrillEnd;
  readonly timeline: Timeline;
  readonly restoreMs: number | undefined;
  readonly probe: ProbeCount | undefined;
  readonly checks: readonly Check[];
}

/** It is passed if Belay has brought everything back and every promise was seen to hold. */
export function scorecardOf(result: DrillResult): Scorecard {
  const { drill, end, timeline, probe, checks } = result;
  const { pushedAt, detectedAt, trafficBackAt, backAt } = timeline;
  const seenRestore =
    trafficBackAt === undefined || detectedAt === undefined ? undefined : trafficBackAt - detectedAt;
  return {
    ...drill,
    end,
    ...given('detectMs', detectedAt === undefined ? undefined : detectedAt - pushedAt),
    ...given('restoreMs', result.restoreMs ?? seenRestore),
    ...given('backMs', backAt === undefined ? undefined : backAt - pushedAt),
    ...(probe === undefined ? {} : { probe }),
    checks,
    passed: end === 'back' && checks.length > 0 && checks.every(({ held }) => held),
  };
}

function given<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: number });
}
