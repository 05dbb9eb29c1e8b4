import { isPortError, PortError } from '../../ports/port-error';
import type { Answer, Call } from './call';
import type { Place } from './choose';
import type { Access } from './pull-requests';
import { exchange, refused } from './send';

/** One request to the API of a forge. */
export interface Asked {
  readonly method: Call['method'];
  readonly path: string;
  readonly body?: unknown;
  /** For people, where it is forbidden: `its token may not <to>`. */
  readonly to: string;
  /** Statuses besides those of success that are an answer and no error. */
  readonly fine?: readonly number[];
}

/** What was answered: the JSON of a success, undefined where there is none. */
export interface Told {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly body: unknown;
  /** As it came: of a refusal that is `fine`, its words. */
  readonly text: string;
}

/** Asks the forge of one repository. Throws PortError for refusals that are not `fine`, and for answers that are no JSON. */
export type Ask = (asked: Asked) => Promise<Told>;

/** Requests of one repository with one credential. */
export function asking(place: Place, access: Access, authorization: string): Ask {
  return async ({ method, path, body, to, fine = [] }) => {
    const call = { method, path, headers: { authorization }, ...(body === undefined ? {} : { body }) };
    const answer = await exchange(place, call, access);
    const isGood = answer.status >= 200 && answer.status < 300;
    if (!isGood && !fine.includes(answer.status)) throw refused(place, answer, { ...access, to });
    const { status, headers, text } = answer;
    return { status, headers, text, body: isGood ? jsonOf(place, answer) : undefined };
  };
}

/** Deletions and the like answer with nothing; a page of a proxy or of a sign-on is no answer of the forge. */
function jsonOf({ host, path, kind }: Place, { status, text }: Answer): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PortError(`the forge of ${host}/${path} answered ${status} with something else than JSON`, {
      code: 'Unreachable',
      retry: 'later',
      facts: { host, repository: path, forge: kind },
    });
  }
}

/** The error of an answer of success that lacks what the API's documentation promises. */
export function incomplete({ host, path, kind }: Place, what: string): PortError {
  return new PortError(`the forge of ${host}/${path} answered without ${what}`, {
    code: 'Invalid',
    retry: 'never',
    facts: { host, repository: path, forge: kind },
  });
}

/**
 * Does what a pull request can do without, and tells what became of it as a remark. A forge that is away or asks for a pause is an
 * error all the same: the pull request is found again, and then this. So is nothing else, not even a wrong token: it was good enough for
 * what came before, and Bitbucket Data Center answers 401 where it means 403.
 */
export async function orRemark(failed: string, task: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await task();
    return [];
  } catch (error: unknown) {
    if (!isPortError(error) || (error.retry !== 'never' && error.code !== 'Unauthenticated')) throw error;
    return [`${failed}: ${error.message}`];
  }
}
