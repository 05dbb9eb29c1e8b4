import { PortError, type PortErrorFacts } from '../../ports/port-error';

/** A URL that may be shown: without user, password, query and fragment. */
export function shownUrl(url: URL | string): string {
  const text = typeof url === 'string' ? url : url.href;
  return text.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1');
}

/** A PortError about a URL. */
export function chartError(
  code: PortErrorFacts['code'],
  message: string,
  url: URL | string,
  more: Partial<Omit<PortErrorFacts, 'code'>> = {},
): PortError {
  const { facts, ...rest } = more;
  return new PortError(message, {
    code,
    retry: code === 'Unreachable' || code === 'Invalid' || code === 'Unauthenticated' ? 'later' : 'never',
    ...rest,
    facts: { url: shownUrl(url), ...facts },
  });
}

const reasons: readonly (readonly [RegExp, string, string])[] = [
  [/^ECONNREFUSED$/, 'connection refused', 'check that it runs and the port'],
  [/^(?:ENOTFOUND|EAI_)/, 'its name cannot be resolved', 'check the URL and the name service'],
  [/CERT|SIGNATURE|ISSUER|CRL|CA_/, 'its certificate is not trusted', 'give its authority as caFile'],
  [/^(?:ERR_SSL|ERR_TLS|EPROTO)/, 'no secure connection', 'check that it speaks TLS'],
  [
    /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError)/,
    'no answer in time',
    'check the network',
  ],
  [
    /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/,
    'the connection broke before the answer was whole',
    'check the network',
  ],
];

/** What an error of the connection means. Of the error only its code is told: its text may hold a header or a URL. */
export function networkError(error: unknown, url: URL): PortError {
  if (error instanceof PortError) return error;
  const where = shownUrl(url);
  const codes = codesOf(error);
  if (codes.includes(localAddress)) return refusedAddress(url);
  for (const code of codes) {
    const found = reasons.find(([pattern]) => pattern.test(code));
    if (found === undefined) continue;
    return chartError('Unreachable', `cannot reach ${where}: ${found[1]} (${code}); ${found[2]}`, url);
  }
  return chartError(
    'Unreachable',
    `cannot reach ${where} (${codes[0] ?? 'unknown error'}); check the network`,
    url,
  );
}

/** Code of the error with which a lookup of a name that means this machine ends. */
export const localAddress = 'BELAY_LOCAL_ADDRESS';

/** Says that a host lies on this machine or on its link, where instance metadata and sidecars answer. */
export function refusedAddress(url: URL): PortError {
  const message = `${shownUrl(url)} is an address of the worker's own machine or link, which an application may not reach`;
  return chartError(
    'Forbidden',
    `${message}; put the address itself on the worker's list of chart repositories`,
    url,
  );
}

/** What a status other than the expected ones means. */
export function statusError(
  status: number,
  { url, headers }: { readonly url: URL; readonly headers: Readonly<Record<string, string>> },
): PortError {
  const where = shownUrl(url);
  const facts = { status };
  if (status === 401)
    return chartError(
      'Unauthenticated',
      `${where} wants credentials, or refuses those of the worker; give or renew them`,
      url,
      { facts },
    );
  if (status === 403)
    return chartError(
      'Forbidden',
      `${where} forbids reading to the worker's credentials; grant them read access`,
      url,
      { facts },
    );
  if (status === 404 || status === 410)
    return chartError('PathNotFound', `${where} does not exist; correct repoURL or chart`, url, { facts });
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    const afterMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1_000 : 10_000;
    const message = `${where} answers that it is asked too often; give credentials with a higher limit, or wait`;
    return chartError('Throttled', message, url, { retry: 'after', afterMs, facts });
  }
  return chartError('Unreachable', `${where} answered ${status}; check the server`, url, { facts });
}

function codesOf(error: unknown, depth = 0): readonly string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { code, name, cause, errors } = error as Readonly<Record<string, unknown>>;
  const attempts: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const inner = [cause, ...attempts].flatMap((each) => codesOf(each, depth + 1));
  return [...inner, ...[code, name].filter((each) => typeof each === 'string').slice(0, 1)];
}
