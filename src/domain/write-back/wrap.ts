/** Characters of a line of a commit message; what `git log` shows with its indent in a terminal of 80. */
export const widestLine = 72;

/** Breaks a text at its spaces into lines of at most 72 characters; a longer word has a line of its own. */
export function wrap(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1] ?? '';
    if (line !== '' && line.length + 1 + word.length > widestLine) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
