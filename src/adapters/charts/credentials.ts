import { readFile } from 'node:fs/promises';
import { basic, bearer, chartUrlKey, isBelow, type ChartAccess, type ChartCredentials } from './access';
import { chartError, shownUrl } from './errors';

/** Where a credential of chart repositories lies (names of variables and files, never the secret), and which it opens. */
export interface ChartCredentialSource {
  /** A repository, or a host or path above several: `https://charts.example.com`, `oci://ghcr.io/acme`. The longest match wins. Absent: all. */
  readonly repo?: string;
  readonly username?: string;
  /** With a username. */
  readonly passwordVariable?: string;
  readonly passwordFile?: string;
  /** A bearer token. */
  readonly tokenVariable?: string;
  readonly tokenFile?: string;
  /** Authorities that the server's certificate may come from. */
  readonly caFile?: string;
  readonly clientCertificateFile?: string;
  readonly clientKeyFile?: string;
  /** Take any certificate. */
  readonly insecure?: boolean;
  readonly plainHttp?: boolean;
  readonly allowHttp?: boolean;
}

/** Chooses among `sources` by URL and reads the secret at use. */
export function chartCredentialsFrom(sources: readonly ChartCredentialSource[]): ChartCredentials {
  return async (repoUrl) => {
    const fits = sources.filter(({ repo }) => isBelow(repo, repoUrl));
    const lengthOf = ({ repo }: ChartCredentialSource) =>
      repo === undefined ? 0 : (chartUrlKey(repo)?.length ?? 0);
    const [source] = fits.sort((a, b) => lengthOf(b) - lengthOf(a));
    return source === undefined ? {} : await readAccess(source, repoUrl);
  };
}

async function readAccess(source: ChartCredentialSource, repoUrl: string): Promise<ChartAccess> {
  const { insecure, plainHttp, allowHttp } = source;
  const read = (variable: string | undefined, file: string | undefined) =>
    readReference(variable, file, repoUrl);
  const token = await read(source.tokenVariable, source.tokenFile);
  const password = await read(source.passwordVariable, source.passwordFile);
  const ca = await read(undefined, source.caFile);
  const cert = await read(undefined, source.clientCertificateFile);
  const key = await read(undefined, source.clientKeyFile);
  const tls = {
    ...(insecure === true ? { insecure } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const authorization =
    token !== undefined
      ? bearer(oneLine(token, source.tokenVariable ?? source.tokenFile ?? '', repoUrl))
      : password === undefined
        ? undefined
        : basic(
            source.username ?? '',
            oneLine(password, source.passwordVariable ?? source.passwordFile ?? '', repoUrl),
          );
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(plainHttp === undefined ? {} : { plainHttp }),
    ...(allowHttp === undefined ? {} : { allowHttp }),
  };
}

async function readReference(
  variable: string | undefined,
  file: string | undefined,
  repoUrl: string,
): Promise<string | undefined> {
  if (variable === undefined && file === undefined) return undefined;
  const text =
    variable !== undefined
      ? process.env[variable]
      : await readFile(file ?? '', 'utf8').catch(() => undefined);
  const value = text?.trim() ?? '';
  if (value !== '') return value;
  const place = variable !== undefined ? `environment variable ${variable}` : `file ${file}`;
  const message = `no usable credential for ${shownUrl(repoUrl)}: ${place} is missing or empty; set it`;
  throw chartError('Unauthenticated', message, repoUrl);
}

/** A line break would end the header, and begin another. */
function oneLine(value: string, place: string, repoUrl: string): string {
  if (!/[\r\n]/.test(value)) return value;
  const message = `the credential for ${shownUrl(repoUrl)} in ${place} has several lines; write one`;
  throw chartError('Unauthenticated', message, repoUrl);
}
