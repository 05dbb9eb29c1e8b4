import type { Pattern } from './compile';
import type { Assertion } from './tree';

/** Whether a pattern is found anywhere in a text. `step` is told of the work done, in instructions. */
export function matchPattern(
  { program, start }: Pattern,
  text: string,
  step: (count: number) => void,
): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const seen = new Uint32Array(program.length);
  let threads: number[] = [];
  for (let at = 0; at <= codes.length; at++) {
    // Every position is a possible start.
    threads.push(start);
    const open = threads;
    const waiting: number[] = [];
    let work = 0;
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (seen[index] === at + 1) continue;
      seen[index] = at + 1;
      work++;
      const instruction = program[index];
      if (instruction?.kind === 'match') return true;
      if (instruction?.kind === 'char') waiting.push(index);
      if (instruction?.kind === 'fork') open.push(instruction.next, instruction.other);
      if (instruction?.kind === 'assert' && holds(instruction.what, codes, at)) open.push(instruction.next);
    }
    step(work);
    threads = [];
    const code = codes[at];
    if (code === undefined) return false;
    for (const index of waiting) {
      const instruction = program[index];
      if (instruction?.kind === 'char' && instruction.test(code)) threads.push(instruction.next);
    }
  }
  return false;
}

const newline = 10;

function holds(what: Assertion, codes: readonly number[], at: number): boolean {
  switch (what) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === codes.length;
    case 'lineStart':
      return at === 0 || codes[at - 1] === newline;
    case 'lineEnd':
      return at === codes.length || codes[at] === newline;
    case 'word':
      return isWord(codes[at - 1]) !== isWord(codes[at]);
    case 'notWord':
      return isWord(codes[at - 1]) === isWord(codes[at]);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && /^[0-9A-Za-z_]$/.test(String.fromCodePoint(code));
}
