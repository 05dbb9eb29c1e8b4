const hidden = '***';

const patterns: readonly [RegExp, string][] = [
  // userinfo of URLs, also when the password itself holds an `@`
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, `$1${hidden}@`],
  [/\b((?:proxy-)?authorization\s*[:=]\s*)(?:(?:basic|bearer|token)\s+)?[^\s'"]+/gi, `$1${hidden}`],
  [
    /\b(?:gh[a-z]_[A-Za-z0-9]{10,}|github_pat_\w{10,}|gl[a-z]{2,8}-[\w.-]{10,}|ATBB\w{10,}|ATCTT\w{10,})/g,
    hidden,
  ],
  [/\b((?:access_|private_|oauth_)?token|password|passwd)=[^\s&'"]+/gi, `$1=${hidden}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
];

/** Takes credentials out of a text that leaves this process: known secrets first, then whatever looks like one. */
export function redact(text: string, secrets: readonly string[] = []): string {
  // A short "secret" would blank out half of the message and hide nothing worth hiding.
  const known = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), withoutKnown);
}
