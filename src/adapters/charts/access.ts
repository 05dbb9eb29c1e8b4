import { rememberSecrets } from '../../ports/known-secrets';

/** What a chart repository needs to let us in. Lives for one request; never part of a URL, a message or a log. */
export interface ChartAccess {
  /** The whole header: `Basic …` or `Bearer …`. */
  readonly authorization?: string;
  readonly tls?: TlsAccess;
  /** Speak plain HTTP to this OCI registry. Default: only on a loopback address. */
  readonly plainHttp?: boolean;
  /** Send credentials over plain HTTP as well; loopback addresses need no permission. */
  readonly allowHttp?: boolean;
}

/** PEM texts, and whether any certificate of the server is taken. */
export interface TlsAccess {
  readonly insecure?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The header of a token. */
export function bearer(token: string): string {
  rememberSecrets(token);
  return `Bearer ${token}`;
}

/** Finds the access to a repository; asked again for each operation, so that a rotated secret is picked up. */
export type ChartCredentials = (repoUrl: string) => Promise<ChartAccess>;

/** The header of basic authentication. */
export function basic(username: string, password: string): string {
  const pair = Buffer.from(`${username}:${password}`).toString('base64');
  rememberSecrets(password, pair);
  return `Basic ${pair}`;
}

/** One key for a URL of charts whatever its scheme: `oci://Ghcr.io/acme/` is `ghcr.io/acme`. Undefined: names no host. */
export function chartUrlKey(url: string): string | undefined {
  const rest = url.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  if (rest === '' || !URL.canParse(`https://${rest}`)) return undefined;
  const { host, pathname } = new URL(`https://${rest}`);
  return `${host.replace(/:80$/, '')}${pathname.replace(/\/+$/, '')}`;
}

/** Whether a credential for `prefix` is for `url` too: the same, or whole path segments below it. */
export function isBelow(prefix: string | undefined, url: string): boolean {
  const [above, key] = [prefix === undefined ? '' : chartUrlKey(prefix), chartUrlKey(url)];
  if (above === undefined || key === undefined) return false;
  return above === '' || key === above || key.startsWith(`${above}/`);
}
