import { asText, textOr, type Builtin } from './builtin-args';
import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { toInt } from './numbers';
import { byteLength, byteOffset } from './utf8';
import { nilSlice } from './values';

/** A builtin on two texts. */
const onTwo =
  (operation: (text: string, other: string) => unknown): Builtin =>
  ([text, other], run) => {
    run.text(asText(text).length + asText(other).length);
    return operation(asText(text), asText(other));
  };

const space =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000' +
  '\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

export const textBuiltins: Readonly<Record<string, Builtin>> = {
  trim: (args) => trim(asText(args[0]), textOr(args, 1, space)),
  trimPrefix: (args) => {
    const [whole, part] = [asText(args[0]), textOr(args, 1, ' ')];
    return whole.startsWith(part) ? whole.slice(part.length) : whole;
  },
  trimSuffix: (args) => {
    const [whole, part] = [asText(args[0]), textOr(args, 1, ' ')];
    return whole.endsWith(part) ? whole.slice(0, whole.length - part.length) : whole;
  },
  upper: ([text], run) => changeCase(asText(text), (char) => char.toUpperCase(), run),
  lower: ([text], run) => changeCase(asText(text), (char) => char.toLowerCase(), run),
  split: (args, run) => split(args, run, false),
  splitAfter: (args, run) => split(args, run, true),
  replace: (args, run) => {
    const [text, old, by] = args;
    return replace([asText(text), asText(old), asText(by)], args.length > 3 ? toInt(args[3]) : -1n, run);
  },
  repeat: ([text, count], run) => {
    const [part, times] = [asText(text), toInt(count)];
    if (times < 0n) throw new ExprError('repeat of a negative count');
    if (times > 1_000_000n) throw new ExprError('memory budget exceeded');
    run.budget.grow(byteLength(part) * Number(times));
    return part.repeat(Number(times));
  },
  indexOf: onTwo((text, part) => BigInt(byteOffset(text, text.indexOf(part)))),
  lastIndexOf: onTwo((text, part) => BigInt(byteOffset(text, text.lastIndexOf(part)))),
  hasPrefix: onTwo((text, part) => text.startsWith(part)),
  hasSuffix: onTwo((text, part) => text.endsWith(part)),
};

/** Without the characters of `cut` at both ends. */
function trim(text: string, cut: string): string {
  const isCut = new Set(cut);
  const chars = Array.from(text);
  const start = chars.findIndex((char) => !isCut.has(char));
  const end = chars.findLastIndex((char) => !isCut.has(char));
  return start < 0 ? '' : chars.slice(start, end + 1).join('');
}

/** Character by character: where JavaScript makes two of one, as of ß, Go leaves it. */
function changeCase(text: string, change: (char: string) => string, run: Evaluation): string {
  run.text(text.length);
  return Array.from(text, (char) => {
    if (char === 'İ') return change('I') === 'i' ? 'i' : char;
    const changed = change(char);
    return Array.from(changed).length === 1 ? changed : char;
  }).join('');
}

/** Parts between separators; with a count at most so many, the rest in the last. Without a separator the characters. */
function split(args: readonly unknown[], run: Evaluation, keepsSeparator: boolean): string[] {
  const [text, separator] = [asText(args[0]), asText(args[1])];
  const limit = args.length > 2 ? toInt(args[2]) : -1n;
  run.text(text.length * 8);
  if (limit === 0n) return nilSlice as string[];
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  const after = keepsSeparator ? separator : '';
  const size = limit < 0n || limit > BigInt(parts.length) ? parts.length : Number(limit);
  if (parts.length === 0) return [];
  const rest = parts.slice(size - 1).join(separator);
  return [...parts.slice(0, size - 1).map((part) => part + after), rest];
}

/** An empty `old` stands before each character and at the end. */
function replace([text, old, by]: readonly [string, string, string], count: bigint, run: Evaluation): string {
  const parts = old === '' ? ['', ...Array.from(text)] : text.split(old);
  const places = old === '' ? parts.length : parts.length - 1;
  const size = count < 0n || count > BigInt(places) ? places : Number(count);
  run.text(text.length + size * by.length);
  const changed = parts.slice(0, size).map((part) => part + by);
  return changed.join('') + parts.slice(size).join(old);
}
