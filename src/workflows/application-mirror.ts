import { mirrorOf } from '../domain/application-state';
import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

/**
 * What Belay knows is kept beside the application too (promise 9), and the good commit `keep` in the repository's mirror. It is written
 * again at the next change if it fails.
 */
export async function mirror({ spec, state }: ApplicationRun, keep?: string): Promise<void> {
  const cluster = state.cluster?.id ?? '';
  const text = JSON.stringify({ ...mirrorOf(state), spec });
  const { pins } = state.good ?? {};
  const keepPins = pins === undefined ? {} : { keepPins: pins };
  await attempt(() =>
    asking(cluster).mirrorState.executeWithOptions({ summary: 'mirror the state' }, [
      { spec, state: text, ...(keep === undefined ? {} : { keep, ...keepPins }) },
    ]),
  );
}
