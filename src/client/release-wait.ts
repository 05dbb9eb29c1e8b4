import { releaseStatus, type ReleaseStatus } from './release-status';
import type { Session } from './session';
import { lookUntil, type WaitOptions } from './wait-for';

/**
 * Waits until a release's status satisfies `predicate` and returns that status. A worker or server that is away for a while is waited
 * for too; a release that does not exist is not.
 */
export function waitForRelease(
  session: Session,
  name: string,
  { predicate, ...options }: WaitOptions & { readonly predicate: (status: ReleaseStatus) => boolean },
): Promise<ReleaseStatus> {
  const look = async () => {
    const status = await releaseStatus(session, name);
    return predicate(status)
      ? { found: status }
      : { last: status.release?.message ?? 'nothing is under way' };
  };
  return lookUntil(look, { ...options, what: `release ${name}`, explain: `belay release get ${name}` });
}
