import { formatMillis } from '../../domain/duration';
import type { ReleaseOptions } from '../../domain/release/spec';

/** `shop/12`, of a workflow id. */
export function releaseName(id: string): string {
  return id.replace(/^release\//, '');
}

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
