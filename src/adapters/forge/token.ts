import { readFile } from 'node:fs/promises';
import { rememberSecrets } from '../../ports/known-secrets';
import { PortError } from '../../ports/port-error';
import { installationToken } from '../forge-api/installation-token';
import type { Place } from './choose';

/**
 * Reads the token at each use, so that a rotated one is picked up; that of a GitHub App's installation is asked for. Throws PortError
 * where there is none, or it would travel in clear.
 */
export async function readToken(place: Place, signal?: AbortSignal): Promise<string> {
  const { source, apiUrl, host, kind } = place;
  const { app, tokenVariable, tokenFile, allowHttp = false } = source;
  const { protocol, hostname } = new URL(apiUrl);
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !isLoopback && !allowHttp)
    throw new PortError(`the token of ${host} would travel unencrypted; write apiUrl with https`, {
      code: 'InvalidSpec',
      retry: 'never',
      facts: { host },
    });
  if (app !== undefined) {
    const other = tokenVariable ?? tokenFile;
    if (kind === 'github' && other === undefined) return installationToken(app, place, signal);
    const why = other === undefined ? `${host} is no GitHub` : `there is a token for ${host} as well`;
    throw new PortError(`the GitHub App ${app.id} cannot be used: ${why}`, {
      code: 'InvalidSpec',
      retry: 'never',
      facts: { host },
    });
  }
  const from = tokenVariable === undefined ? `file ${tokenFile}` : `environment variable ${tokenVariable}`;
  const text =
    tokenVariable === undefined
      ? await readFile(tokenFile ?? '', 'utf8').catch(() => undefined)
      : process.env[tokenVariable];
  const token = text?.trim() ?? '';
  rememberSecrets(token);
  if (token !== '' && !/[\r\n]/.test(token)) return token;
  throw new PortError(`no usable token for ${host}: ${from} is missing, empty or has several lines`, {
    code: 'Unauthenticated',
    retry: 'later',
    facts: { host },
  });
}
