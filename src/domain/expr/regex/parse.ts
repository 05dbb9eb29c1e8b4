import { foldCase } from './classes';
import { parseCharEscape, parseClass, parseClassEscape } from './parse-class';
import { Reader } from './reader';
import type { Assertion, CharTest, Flags, Tree } from './tree';

/** As RE2. */
const maxRepeat = 1000;
const maxNesting = 100;

interface State {
  readonly reader: Reader;
  nesting: number;
}

/** Reads a pattern in the syntax of RE2, as Go takes it. Throws ExprError for what RE2 refuses: back-references, look-around. */
export function parsePattern(source: string): Tree {
  const state: State = { reader: new Reader(source), nesting: 0 };
  const { tree } = parseEither(state, { foldCase: false, multiline: false, dotAll: false });
  if (!state.reader.isAtEnd) state.reader.fail('unexpected )');
  if (repeats(tree) > maxRepeat) state.reader.fail(`repeats more than ${maxRepeat} times`);
  return tree;
}

/** `(?i)` holds to the end of its group, over `|` too: flags go from one branch to the next. */
function parseEither(state: State, outer: Flags): { tree: Tree } {
  const parts: Tree[] = [];
  let flags = outer;
  do {
    const branch = parseConcat(state, flags);
    parts.push(branch.tree);
    flags = branch.flags;
  } while (state.reader.accept('|'));
  const [only] = parts;
  return { tree: parts.length === 1 && only !== undefined ? only : { kind: 'either', parts } };
}

function parseConcat(state: State, outer: Flags): { tree: Tree; flags: Flags } {
  const { reader } = state;
  const parts: Tree[] = [];
  let flags = outer;
  let afterRepeat = false;
  while (!reader.isAtEnd && reader.peek() !== '|' && reader.peek() !== ')') {
    const count = parseRepeat(reader);
    if (count !== undefined) {
      const part = parts.pop();
      if (part === undefined || afterRepeat) return reader.fail('nothing to repeat');
      parts.push({ kind: 'repeat', part, ...count });
      afterRepeat = true;
      continue;
    }
    afterRepeat = false;
    const changed = reader.peek() === '(' ? parseFlags(reader, flags) : undefined;
    if (changed !== undefined) flags = changed;
    else if (reader.accept('\\Q')) parts.push(...parseQuoted(reader, flags));
    else parts.push(parseAtom(state, flags));
  }
  return { tree: { kind: 'concat', parts }, flags };
}

/** `*`, `+`, `?`, `{2,5}`, each perhaps lazy; braces that say nothing of the kind are plain characters. */
function parseRepeat(reader: Reader): { min: number; max: number | undefined } | undefined {
  const sign = reader.take(/^([*+?])\??/)?.[1];
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : undefined };
  const braces = reader.take(/^\{(0|[1-9][0-9]{0,8})(,(0|[1-9][0-9]{0,8})?)?\}\??/);
  if (braces === undefined) return undefined;
  const min = Number(braces[1]);
  const max = braces[2] === undefined ? min : braces[3] === undefined ? undefined : Number(braces[3]);
  if (min > maxRepeat || (max !== undefined && (max > maxRepeat || max < min))) reader.fail('invalid repeat');
  return { min, max };
}

/** `(?i)`; undefined when a group is there, which may have flags of its own. */
function parseFlags(reader: Reader, flags: Flags): Flags | undefined {
  const found = reader.take(/^\(\?([imsU]*)(?:-([imsU]+))?\)/);
  if (found === undefined) return undefined;
  return withFlags(flags, found[1] ?? '', found[2] ?? '');
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const flag = (letter: string, old: boolean): boolean =>
    !off.includes(letter) && (on.includes(letter) || old);
  return {
    foldCase: flag('i', flags.foldCase),
    multiline: flag('m', flags.multiline),
    dotAll: flag('s', flags.dotAll),
  };
}

function parseQuoted(reader: Reader, flags: Flags): Tree[] {
  const parts: Tree[] = [];
  while (!reader.isAtEnd && !reader.accept('\\E')) parts.push(literal(reader.next(), flags));
  return parts;
}

function parseAtom(state: State, flags: Flags): Tree {
  const { reader } = state;
  const char = reader.next();
  switch (char) {
    case '(':
      return parseGroup(state, flags);
    case '[':
      return { kind: 'char', test: parseClass(reader, flags.foldCase) };
    case '.':
      return { kind: 'char', test: flags.dotAll ? () => true : (code) => code !== 10 };
    case '^':
      return { kind: 'assert', what: flags.multiline ? 'lineStart' : 'textStart' };
    case '$':
      return { kind: 'assert', what: flags.multiline ? 'lineEnd' : 'textEnd' };
    case '\\':
      return parseEscape(reader, flags);
    default:
      return literal(char, flags);
  }
}

function parseGroup(state: State, flags: Flags): Tree {
  const { reader } = state;
  if (++state.nesting > maxNesting) reader.fail('nested too deeply');
  let inner = flags;
  if (reader.accept('?')) {
    const named = reader.take(/^P?<([A-Za-z0-9_]+)>/)?.[1];
    const own = named === undefined ? reader.take(/^([imsU]*)(-[imsU]+)?:/) : undefined;
    if (named === undefined && own === undefined) reader.fail('unknown kind of group');
    inner = withFlags(flags, own?.[1] ?? '', own?.[2] ?? '');
  }
  const { tree } = parseEither(state, inner);
  if (!reader.accept(')')) reader.fail('missing )');
  state.nesting--;
  return tree;
}

const assertions: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  z: 'textEnd',
  b: 'word',
  B: 'notWord',
};

function parseEscape(reader: Reader, flags: Flags): Tree {
  const what = assertions[reader.peek()];
  if (what !== undefined) {
    reader.next();
    return { kind: 'assert', what };
  }
  const test = parseClassEscape(reader);
  if (test !== undefined) return { kind: 'char', test: flags.foldCase ? foldCase(test) : test };
  return literal(String.fromCodePoint(parseCharEscape(reader)), flags);
}

function literal(char: string, flags: Flags): Tree {
  const wanted = char.codePointAt(0);
  const test: CharTest = (code) => code === wanted;
  return { kind: 'char', test: flags.foldCase ? foldCase(test) : test };
}

/** The most often any part is repeated by counts within counts. */
function repeats(tree: Tree): number {
  switch (tree.kind) {
    case 'char':
    case 'assert':
      return 1;
    case 'concat':
    case 'either':
      return Math.max(1, ...tree.parts.map(repeats));
    case 'repeat':
      return Math.max(1, tree.max ?? tree.min) * repeats(tree.part);
  }
}
