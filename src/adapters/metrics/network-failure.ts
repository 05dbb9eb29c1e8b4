import { Failure, unreachable, wrong } from './failure';

/** Said of a system error by its code, or of a whole family of codes. */
const reasons: readonly [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'connection refused'],
  [/^(ENOTFOUND|EAI_)/, 'its name cannot be resolved'],
  [
    /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_(SOCKET|CLOSED|DESTROYED)|HPE_INVALID_EOF_STATE)/,
    'connection closed before the answer was whole',
  ],
  [/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)/, 'connection timed out'],
  [/^E(HOST|NET)(UNREACH|DOWN)/, 'no route to it'],
  [/(CERT|SIGNATURE|ISSUER|CRL|CA_)/, 'TLS: its certificate is not trusted'],
  [/^(ERR_SSL|ERR_TLS|EPROTO)/, 'TLS: no secure connection'],
];

/** Said of what can never be an answer, whoever is asked again. */
const wrongReasons: readonly [RegExp, string][] = [
  [/^(HPE_(?!INVALID_EOF_STATE)|HTTPParserError$)/, 'the answer is no HTTP'],
  [/^UND_ERR_HEADERS_OVERFLOW/, 'the headers of the answer are too long'],
  [
    /^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT)|^ERR_INVALID/,
    'the request cannot be sent as it is written',
  ],
];

/**
 * What an error of the connection means. Only its code is told: its text may hold a header or a URL. An error without a known
 * code is one of the network too.
 */
export function networkFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const codes = codesOf(error);
  for (const code of codes)
    for (const [pattern, reason] of wrongReasons) if (pattern.test(code)) return wrong(`${reason} (${code})`);
  for (const code of codes)
    for (const [pattern, reason] of reasons)
      if (pattern.test(code)) return unreachable(`${reason} (${code})`);
  return unreachable(`no answer (${codes[0] ?? 'unknown error'})`);
}

/** The codes (where there is none, the names) of an error, of its causes, and of the attempts at each address that it sums up. */
function codesOf(error: unknown, depth = 0): readonly string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return [];
  const { code, name, cause, errors } = error as Readonly<Record<string, unknown>>;
  const attempts: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const inner = [cause, ...attempts].flatMap((each) => codesOf(each, depth + 1));
  return [...inner, ...[code ?? name].filter((each) => typeof each === 'string')];
}
