import { releaseNameOf } from '../domain/application-view';
import type { ApplicationRun } from './application-run';

/** Name of the release that the application belongs to. */
export function releaseName({ spec, state }: ApplicationRun): string | undefined {
  return releaseNameOf(spec, state);
}

/** Whether a release decides when it comes out: it does not sync by itself. */
export function isMember(run: ApplicationRun): boolean {
  return releaseName(run) !== undefined || run.state.release !== undefined;
}
