import { mirrorOf } from '../domain/application-state';
import type { Pinned } from '../domain/write-back/planned-restores';
import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

/**
 * What Belay knows is kept beside the application too (promise 9), and the good commits `keep` in the repositories' mirrors. It is written
 * again at the next change if it fails.
 */
export async function mirror({ spec, state }: ApplicationRun, keep?: Pinned): Promise<void> {
  const cluster = state.cluster?.id ?? '';
  const text = JSON.stringify({ ...mirrorOf(state), spec });
  await attempt(() =>
    asking(cluster).mirrorState.executeWithOptions({ summary: 'mirror the state' }, [
      { spec, state: text, ...(keep === undefined ? {} : { keep }) },
    ]),
  );
}
