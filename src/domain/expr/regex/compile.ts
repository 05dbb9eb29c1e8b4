import { ExprError } from '../expr-error';
import { parsePattern } from './parse';
import type { Assertion, CharTest, Tree } from './tree';

/** One instruction of the machine that `match.ts` runs; `next` and `other` are indices. */
export type Instruction =
  | { readonly kind: 'char'; readonly test: CharTest; readonly next: number }
  | { readonly kind: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'fork'; readonly next: number; other: number }
  | { readonly kind: 'match' };

export interface Pattern {
  readonly program: readonly Instruction[];
  readonly start: number;
}

const maxProgram = 20_000;

/** A pattern of RE2 as a machine whose time is linear in the text. Throws ExprError. */
export function compilePattern(source: string): Pattern {
  const program: Instruction[] = [{ kind: 'match' }];
  const emit = (instruction: Instruction): number => {
    if (program.length >= maxProgram) throw new ExprError('pattern: too large');
    return program.push(instruction) - 1;
  };
  const start = compile(parsePattern(source), 0, emit);
  return { program, start };
}

type Emit = (instruction: Instruction) => number;

/** Emits what matches `tree` and goes on at `next`; gives where it starts. Built from the end, so that `next` is known. */
function compile(tree: Tree, next: number, emit: Emit): number {
  switch (tree.kind) {
    case 'char':
      return emit({ kind: 'char', test: tree.test, next });
    case 'assert':
      return emit({ kind: 'assert', what: tree.what, next });
    case 'concat':
      return tree.parts.reduceRight((after, part) => compile(part, after, emit), next);
    case 'either':
      return tree.parts
        .map((part) => compile(part, next, emit))
        .reduceRight((other, one) => emit({ kind: 'fork', next: one, other }));
    case 'repeat':
      return compileRepeat(tree, next, emit);
  }
}

function compileRepeat(
  { part, min, max }: Extract<Tree, { kind: 'repeat' }>,
  next: number,
  emit: Emit,
): number {
  let start = next;
  if (max === undefined) {
    const loop: Instruction = { kind: 'fork', next, other: next };
    start = emit(loop);
    loop.other = compile(part, start, emit);
  } else {
    for (let count = max; count > min; count--) {
      start = emit({ kind: 'fork', next, other: compile(part, start, emit) });
    }
  }
  for (let count = 0; count < min; count++) start = compile(part, start, emit);
  return start;
}
