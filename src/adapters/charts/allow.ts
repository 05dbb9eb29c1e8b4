import { isLocalHost } from './addresses';
import { chartError, refusedAddress, shownUrl } from './errors';

interface Entry {
  /** `https:` or `http:`; absent: both. */
  readonly protocol?: string;
  /** With its port, unless it is the default one. */
  readonly host: string;
  /** With a slash at its end. */
  readonly path: string;
}

/** Which chart repositories a worker may ask. */
export interface Allowed {
  /** Checks the URL that an application names (`https://…`, for a registry as its `https:` URL without `/v2`); throws `Forbidden`. */
  repository(url: URL): void;
  /**
   * Checks where a repository sends us on to: the archive, a redirection, a token server. Only the host counts. The answer tells
   * whether a local address is meant to be reached.
   */
  host(url: URL): { readonly mayBeLocal: boolean };
}

/**
 * Reads an allow-list of URL prefixes (`https://charts.example.com/team`, `oci://ghcr.io/acme`) and hosts (`charts.example.com`,
 * `localhost:5000`). Without one every repository is allowed, but no address of this machine or its link.
 */
export function readAllowed(list: readonly string[] | undefined): Allowed {
  const entries = list?.map(readEntry);
  const fits = (url: URL) => (entry: Entry) =>
    entry.host === url.host && (entry.protocol === undefined || entry.protocol === url.protocol);
  return {
    repository: (url) => {
      const path = `${url.pathname.replace(/\/+$/, '')}/`;
      if (entries?.some((entry) => fits(url)(entry) && path.startsWith(entry.path)) === false)
        throw notAllowed(url);
    },
    host: (url) => {
      const isNamed = entries?.some(({ host }) => host === url.host);
      if (isNamed === false) throw notAllowed(url);
      const isLocal = isLocalHost(url.hostname);
      if (isLocal && isNamed !== true) throw refusedAddress(url);
      return { mayBeLocal: isLocal };
    },
  };
}

function notAllowed(url: URL) {
  const message = `${shownUrl(url)} is not on the worker's list of chart repositories`;
  return chartError('Forbidden', `${message}; add it there, or use a repository that is listed`, url);
}

function readEntry(text: string): Entry {
  const [, scheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(text.trim()) ?? [];
  const isOpen = scheme === undefined || /^oci$/i.test(scheme);
  const address = `${isOpen ? 'https' : scheme}://${rest}`;
  if (rest === '' || !URL.canParse(address)) {
    const message = `"${shownUrl(text)}" on the list of chart repositories is no URL and no host`;
    throw chartError('InvalidSpec', `${message}; write https://host/path, oci://host/path or a host`, text);
  }
  const { protocol, host, pathname } = new URL(address);
  const path = `${pathname.replace(/\/+$/, '')}/`;
  return { ...(isOpen ? {} : { protocol }), host, path };
}
