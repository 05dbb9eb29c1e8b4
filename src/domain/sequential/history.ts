import type { History } from './state';

/** More points than this no plot shows. */
const mostPoints = 48;

/** The history with one more tick; when it is full, every other point goes, and from then on every other tick. */
export function remember(history: History, point: History['points'][number]): History {
  const { every, skipped, points } = history;
  if (skipped + 1 < every) return { ...history, skipped: skipped + 1 };
  const [second, harm, safe] = point;
  const all = [...points, [Math.round(second), round(harm), round(safe)] as const];
  if (all.length <= mostPoints) return { ...history, skipped: 0, points: all };
  return { ...history, every: every * 2, skipped: 0, points: all.filter((_, index) => index % 2 === 0) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
