import type { ChartAccess } from './access';
import { statusError } from './errors';
import type { Answer, Http } from './http';
import type { ChartLimits } from './limits';
import { askForToken, readChallenge } from './oci-token';

/** One repository of a registry, and who asks. */
export interface OciRepository {
  readonly registry: URL;
  readonly name: string;
  readonly access: ChartAccess;
}

/** Asks the registry; signs in once when it wants that. Answers of 2xx and 404 come back, everything else is thrown. */
export type OciGet = (
  path: string,
  options: { accept?: string; maxBytes: number; what: string },
) => Promise<Answer>;

/** The requests of one operation; a token that it got is used until its end. */
export function openSession(http: Http, limits: ChartLimits, repository: OciRepository): OciGet {
  const { registry, name, access } = repository;
  // A password waits until it is asked for: where a token is wanted, the registry itself never gets it.
  const { authorization = '', ...open } = access;
  let current: ChartAccess = /^Bearer /.test(authorization) ? access : open;
  return async (path, { accept, maxBytes, what }) => {
    const url = new URL(path, registry);
    const ask = () =>
      http({
        url,
        access: current,
        maxBytes,
        what,
        ...(accept === undefined ? {} : { headers: { accept } }),
      });
    let answer = await ask();
    const challenge =
      answer.status === 401 ? readChallenge(answer.headers['www-authenticate'] ?? '') : undefined;
    if (challenge !== undefined && current === open) {
      current =
        challenge.scheme === 'basic'
          ? access
          : await askForToken(http, { challenge, registry, name, access, maxBytes: limits.documentBytes });
      answer = await ask();
    }
    if (answer.status === 404 || (answer.status >= 200 && answer.status < 300)) return answer;
    throw statusError(answer.status, { ...answer, url });
  };
}
