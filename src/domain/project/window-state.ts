import { matchesGlob } from '../glob';
import type { SyncWindow, Target } from './project';

/** Schedules and time zones, which need a library. */
export interface Schedules {
  /** When a schedule begins next after `after`, both as if local time were UTC (epoch milliseconds); undefined: never. */
  next(schedule: string, after: number): number | undefined;
  /** How far the clocks of a time zone are ahead of UTC at a moment, milliseconds. */
  offset(timeZone: string, at: number): number;
}

/** Whether an application may sync now. */
export interface WindowState {
  /** Automated syncs may begin. */
  readonly open: boolean;
  /** A person's sync may begin. */
  readonly manual: boolean;
  /** A sync that began while it was open may go on. */
  readonly overrun: boolean;
  /** A sentence. */
  readonly why: string;
  /** When to look again: `open` may be different then. Epoch milliseconds; absent where nothing is expected to change. */
  readonly until?: number;
}

export interface WindowSubject {
  readonly application: string;
  readonly namespace: string;
  readonly cluster: Target;
}

interface Seen {
  readonly window: SyncWindow;
  readonly isActive: boolean;
  /** When it begins or ends next. */
  readonly turns: number;
}

const looksAhead = 60;

/**
 * Argo CD's SyncWindows.CanSync: an active deny window forbids; else an active allow window allows; else any allow window that is not
 * active forbids; with no window for the application everything is allowed. Manual syncs pass where all windows that forbid say so.
 *
 * Like Argo CD, windows are reckoned on the clock on the wall of their time zone: when clocks are put forward, a window whose
 * beginning is skipped is active from that moment for the rest of its length; when they are put back, it comes again.
 */
export function windowState(
  windows: readonly SyncWindow[],
  subject: WindowSubject,
  schedules: Schedules,
  now: number,
): WindowState {
  const mine = windows.filter((each) => isFor(each, subject));
  if (mine.length === 0) return { open: true, manual: true, overrun: true, why: 'no sync window' };
  const look = (at: number): readonly Seen[] => mine.map((each) => see(each, schedules, at));
  const seen = look(now);
  const state = judge(seen);
  let turn = nextTurn(seen);
  for (let looks = 0; turn !== undefined && looks < looksAhead; looks++) {
    const then = look(turn);
    if (judge(then).open !== state.open) break;
    turn = nextTurn(then);
  }
  return turn === undefined ? state : { ...state, until: turn };
}

function judge(seen: readonly Seen[]): WindowState {
  const denies = seen.filter(({ window, isActive }) => window.kind === 'deny' && isActive);
  const allows = seen.filter(({ window }) => window.kind === 'allow');
  const active = allows.find(({ isActive }) => isActive);
  const forbidding = denies.length > 0 ? denies : active === undefined ? allows : [];
  const [first] = forbidding;
  if (first === undefined) {
    const why = active === undefined ? 'no sync window denies it now' : `inside ${nameOf(active.window)}`;
    return { open: true, manual: true, overrun: true, why };
  }
  return {
    open: false,
    manual: forbidding.every(({ window }) => window.manualSync),
    overrun: forbidding.every(({ window }) => window.syncOverrun),
    why: denies.length > 0 ? `inside ${nameOf(first.window)}` : `outside ${nameOf(first.window)}`,
  };
}

function see(window: SyncWindow, schedules: Schedules, now: number): Seen {
  const { schedule, durationMs, timeZone } = window;
  const wall = now + schedules.offset(timeZone, now);
  const start = schedules.next(schedule, wall - durationMs);
  if (start === undefined) return { window, isActive: false, turns: Infinity };
  const isActive = start <= wall;
  return {
    window,
    isActive,
    turns: momentOf(isActive ? start + durationMs : start, timeZone, schedules, now),
  };
}

/** The moment after `now` when the clocks show `wall`, or when they are changed before that: what comes then is for the next look. */
function momentOf(wall: number, timeZone: string, schedules: Schedules, now: number): number {
  const offset = schedules.offset(timeZone, now);
  let [before, after] = [now, wall - offset];
  if (schedules.offset(timeZone, after) === offset) return after;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (schedules.offset(timeZone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

function nextTurn(seen: readonly Seen[]): number | undefined {
  const turn = Math.min(...seen.map(({ turns }) => turns));
  return Number.isFinite(turn) ? turn : undefined;
}

function isFor({ applications, namespaces, clusters, all }: SyncWindow, subject: WindowSubject): boolean {
  const { application, namespace, cluster } = subject;
  const lists: readonly (readonly [readonly string[], readonly string[]])[] = [
    [applications, [application]],
    [namespaces, [namespace]],
    [clusters, [...cluster.names, ...cluster.servers]],
  ];
  const given = lists.filter(([patterns]) => patterns.length > 0);
  const fits = given.map(([patterns, names]) =>
    patterns.some((pattern) => names.some((name) => pattern === '*' || matchesGlob(pattern, name))),
  );
  return all ? fits.length > 0 && !fits.includes(false) : fits.includes(true);
}

function nameOf({ kind, schedule, timeZone }: SyncWindow): string {
  return `${kind === 'allow' ? 'an allow' : 'a deny'} window (${schedule}, ${timeZone})`;
}
