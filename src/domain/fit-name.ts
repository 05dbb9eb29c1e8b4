const longest = 63;

/**
 * A name of at most 63 characters that Kubernetes takes (a DNS label, also fit for a label's value), ending in `suffix`. What is
 * changed or cut off is made up for by a short hash, so that names that differ stay apart; the beginning stays readable.
 */
export function fitName(text: string, suffix = ''): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  if (plain === text && text.length + suffix.length <= longest) return text + suffix;
  const tail = `-${shortHash(text)}${suffix}`;
  return plain.slice(0, longest - tail.length).replace(/-+$/, '') + tail;
}

/** FNV-1a, 32 bits: to tell texts apart, not to protect them. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}
