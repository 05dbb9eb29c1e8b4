import { formatMillis } from './duration';

/** How long ago something was: `3 min ago`, `just now`. A clock of another machine may be ahead: never negative. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  return passed < 1_000 ? 'just now' : `${roughly(passed)} ago`;
}

/** How long something lasts already: `3 min`, in whole seconds, and from a minute on in whole minutes. */
export function roughly(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1_000));
  if (seconds < 60) return `${seconds} s`;
  return formatMillis(Math.floor(seconds / 60) * 60_000);
}

/** The first seven digits of a commit, as Git shows it; names of branches stay whole. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision) ? revision.slice(0, 7) : revision;
}
