import { formatMillis } from '../../domain/duration';
import type { ReleaseOptions } from '../../domain/release/spec';

/** `waves, rollback all, bake 10 min, at most 10 at a time`. */
export function optionsText({ mode, rollback, bakeMs, parallel, newCommit }: ReleaseOptions): string {
  return [
    mode,
    `rollback ${rollback}`,
    ...(bakeMs === 0 ? [] : [`bake ${formatMillis(bakeMs)}`]),
    ...(mode === 'lockstep' ? [] : [`at most ${parallel} at a time`]),
    ...(newCommit === 'restart' ? ['a new commit restarts it'] : []),
  ].join(', ');
}
