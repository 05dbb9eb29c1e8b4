/** What a failed pull means: `missing` never heals, `denied` rarely, the others often. */
export type PullError = 'missing' | 'denied' | 'unreachable' | 'unsigned' | 'unknown';

/** Overload, failure or absence of the registry: status 429 and 5xx, name lookup, connection, TLS, timeouts. */
const UNREACHABLE =
  /RegistryUnavailable|toomanyrequests|too many requests|rate limit|\b(status( code)?|http)\W{0,3}(429|5\d\d)\b|\b5\d\d (internal server error|bad gateway|service unavailable|gateway time-?out)|no such host|server misbehaving|connection (refused|reset)|no route to host|network is unreachable|timeout|timed out|deadline exceeded|request canceled|broken pipe|\bEOF\b|x509|certificate|service unavailable|code = Unavailable/i;
const UNSIGNED =
  /SignatureValidationFailed|signature (validation|verification) failed|source image rejected/i;
/** Docker Hub answers "may require authorization" for what does not exist too, hence before `missing`. */
const DENIED =
  /denied|unauthori[sz]ed|forbidden|authorization failed|authentication required|no basic auth credentials|insufficient_scope|\b(status( code)?|http)\W{0,3}40[13]\b|\b40[13] (unauthorized|forbidden)|token has expired/i;
const MISSING =
  /not found|NotFound|manifest unknown|MANIFEST_UNKNOWN|name unknown|NAME_UNKNOWN|does not exist|no match for platform|no matching manifest|\b(status( code)?|http)\W{0,3}404\b/i;
/** "not found" about the node's own storage, not about the registry. */
const LOCAL = /content digest|failed to extract layer|snapshot/i;

/**
 * Reads a runtime's message about a failed pull of `image`, in the wordings of containerd, CRI-O, docker and the usual
 * registries. Names are cut out first: an image may well be called `timeout:500`.
 */
export function readPullError(message: string, image: string): PullError {
  const words = withoutNames(message, image);
  if (UNSIGNED.test(words)) return 'unsigned';
  if (UNREACHABLE.test(words)) return 'unreachable';
  if (DENIED.test(words)) return 'denied';
  return MISSING.test(words) && !LOCAL.test(words) ? 'missing' : 'unknown';
}

function withoutNames(message: string, image: string): string {
  const named = image === '' ? message : message.split(image).join(' ');
  return named
    .replace(/"[^"]*"/g, (quoted) => (/\s/.test(quoted) && !quoted.includes('/') ? quoted : ' '))
    .replace(/'[^'\s]*'/g, ' ')
    .replace(/\S*\/\S*/g, ' ')
    .replace(/sha256:[0-9a-f]+/g, ' ');
}
