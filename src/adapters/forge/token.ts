import { readFile } from 'node:fs/promises';
import { PortError } from '../../ports/port-error';
import type { Place } from './choose';

/** Reads the token at each use, so that a rotated one is picked up. Throws PortError where there is none, or it would travel in clear. */
export async function readToken({ source, apiUrl, host }: Place): Promise<string> {
  const { tokenVariable, tokenFile, allowHttp = false } = source;
  const { protocol, hostname } = new URL(apiUrl);
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !isLoopback && !allowHttp)
    throw new PortError(`the token of ${host} would travel unencrypted; write apiUrl with https`, {
      code: 'InvalidSpec',
      retry: 'never',
      facts: { host },
    });
  const place = tokenVariable === undefined ? `file ${tokenFile}` : `environment variable ${tokenVariable}`;
  const text =
    tokenVariable === undefined
      ? await readFile(tokenFile ?? '', 'utf8').catch(() => undefined)
      : process.env[tokenVariable];
  const token = text?.trim() ?? '';
  if (token !== '' && !/[\r\n]/.test(token)) return token;
  throw new PortError(`no usable token for ${host}: ${place} is missing, empty or has several lines`, {
    code: 'Unauthenticated',
    retry: 'later',
    facts: { host },
  });
}
