import { ExprError } from '../expr-error';
import type { CharTest } from './tree';

const set =
  (pattern: RegExp): CharTest =>
  (code) =>
    pattern.test(String.fromCodePoint(code));
export const not =
  (test: CharTest): CharTest =>
  (code) =>
    !test(code);

const perl: Readonly<Record<string, CharTest>> = {
  d: set(/^[0-9]$/),
  s: set(/^[\t\n\f\r ]$/),
  w: set(/^[0-9A-Za-z_]$/),
};

const posix: Readonly<Record<string, CharTest>> = {
  alnum: set(/^[0-9A-Za-z]$/),
  alpha: set(/^[A-Za-z]$/),
  ascii: set(/^[\x00-\x7f]$/),
  blank: set(/^[\t ]$/),
  cntrl: set(/^[\x00-\x1f\x7f]$/),
  digit: set(/^[0-9]$/),
  graph: set(/^[!-~]$/),
  lower: set(/^[a-z]$/),
  print: set(/^[ -~]$/),
  punct: set(/^[!-/:-@[-`{-~]$/),
  space: set(/^[\t-\r ]$/),
  upper: set(/^[A-Z]$/),
  word: set(/^[0-9A-Za-z_]$/),
  xdigit: set(/^[0-9A-Fa-f]$/),
};

/** `\d`, `\W` and so on, ASCII only as in RE2; undefined for another letter. */
export function perlClass(letter: string): CharTest | undefined {
  const test = perl[letter.toLowerCase()];
  return test !== undefined && letter !== letter.toLowerCase() ? not(test) : test;
}

/** `alpha` of `[:alpha:]`, `^alpha` for its complement. */
export function posixClass(name: string): CharTest {
  const test = posix[name.replace('^', '')];
  if (test === undefined) throw new ExprError(`pattern: unknown class [:${name}:]`);
  return name.startsWith('^') ? not(test) : test;
}

/** `Greek` or `Lu` of `\p{…}`: a script or a general category by its one or two letters. */
export function unicodeClass(name: string, isNegated: boolean): CharTest {
  const isComplement = name.startsWith('^');
  const plain = isComplement ? name.slice(1) : name;
  const test = plain === 'Any' ? () => true : set(unicodePattern(plain));
  return isComplement === isNegated ? test : not(test);
}

function unicodePattern(name: string): RegExp {
  const property = /^[A-Z][a-z]?$/.test(name) ? `General_Category=${name}` : `Script=${name}`;
  try {
    if (/^[A-Za-z_]+$/.test(name)) return new RegExp(`^\\p{${property}}$`, 'u');
  } catch {
    // Falls through: a property this engine does not know.
  }
  throw new ExprError(`pattern: unknown class \\p{${name}}`);
}

/** The same set without regard to case. */
export function foldCase(test: CharTest): CharTest {
  return (code) => variants(code).some(test);
}

const kelvin = 0x212a;
const longS = 0x17f;

/** A code point and those that differ from it by case only. */
function variants(code: number): number[] {
  const char = String.fromCodePoint(code);
  const upper = char.toUpperCase();
  const lower = char.toLowerCase();
  const all = [char, upper, lower, upper.toLowerCase(), lower.toUpperCase()]
    .filter((each) => [...each].length === 1)
    .map((each) => each.codePointAt(0) ?? code);
  if (all.includes(0x6b)) all.push(kelvin);
  if (all.includes(0x73)) all.push(longS);
  return all;
}
