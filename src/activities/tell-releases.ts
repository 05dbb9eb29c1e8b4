import type { MemberHead } from '../domain/release/releases-state';
import { beating } from './beating';
import type { Ports } from './ports';

export interface TellReleasesInput {
  /** Name of the release. */
  readonly release: string;
  readonly member: MemberHead;
}

/** What an application says of itself to the release that it belongs to. */
export function createTellReleases({ orchestrator }: Pick<Ports, 'orchestrator'>) {
  return {
    /** Starts the entity of the release's name if it is not there. Done twice it says the same: the newest counts. */
    tellReleases: beating(({ release, member }: TellReleasesInput): Promise<void> =>
      orchestrator.tellReleases(release, member),
    ),
  };
}
