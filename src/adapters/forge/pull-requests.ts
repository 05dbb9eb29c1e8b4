import type { PullRequest, PullRequestAsk } from '../../ports/forge';
import type { Place } from './choose';

/** How pull requests are asked of one kind of forge. Throws PortError; the token is read anew for each call and never in a message. */
export interface PullRequests {
  open(place: Place, ask: PullRequestAsk, access: Access): Promise<PullRequest>;
  look(place: Place, number: number, access: Access): Promise<PullRequest>;
  close(place: Place, number: number, comment: string, access: Access): Promise<PullRequest>;
}

export interface Access {
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}
