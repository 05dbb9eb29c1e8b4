/** Characters of a message that a person reads. */
const longest = 600;

/** What a program complained about, short enough to be read: both ends of a long chain of causes, one line of a crash. */
export function cutComplaint(text: string): string {
  const said = text.trim();
  const short = /^(?:fatal error|panic): /.test(said) ? (said.split('\n')[0] ?? '') : said;
  if (short.length <= longest) return short;
  return `${short.slice(0, longest / 2)} … ${short.slice(-longest / 2)}`;
}
