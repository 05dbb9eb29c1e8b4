const hidden = '***';
/** A shorter "secret" would blank out half of a message and hide nothing worth hiding. */
const shortest = 4;

const patterns: readonly (readonly [RegExp, string])[] = [
  // userinfo of URLs, also when the password itself holds an `@`
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, `$1${hidden}@`],
  [
    /\b((?:proxy-)?authorization['"]?\s*[:=]\s*['"]?)(?:(?:basic|bearer|token|digest)\s+)?[^\s'"]+/gi,
    `$1${hidden}`,
  ],
  [
    /\b((?:private-token|x-api-key|dd-api-key|dd-application-key|cookie)['"]?\s*:\s*['"]?)[^\s'"]+/gi,
    `$1${hidden}`,
  ],
  [
    /\b(?:gh[a-z]_[A-Za-z0-9]{10,}|github_pat_\w{10,}|gl[a-z]{2,8}-[\w.-]{10,}|ATBB\w{10,}|ATCTT\w{10,}|xox[abeoprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}\b)/g,
    hidden,
  ],
  // JSON Web Tokens: the header of each begins with `{"`
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*/g, hidden],
  [
    /\b((?:(?:access|private|oauth|refresh|id|job)_?)?token|passw(?:or)?d|client_secret|api_?key|sig|x-amz-signature|x-amz-security-token)=[^\s&'"]+/gi,
    `$1=${hidden}`,
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
];

/** Takes credentials out of a text that leaves this process: known secrets first, the longest before others, then whatever looks like one. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const withoutKnown = withoutSecrets(text, secrets);
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), withoutKnown);
}

/** The text with these secrets taken out, longest first; those of less than four characters stay. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  const known = [...secrets].filter((secret) => secret.length >= shortest && text.includes(secret));
  return known
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
}
