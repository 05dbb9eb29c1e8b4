import type { RestoreRequest } from '../../ports/git';
import { readCommit } from './commit-info';
import { complaintOf } from './errors';
import { fetchBranch, type Source } from './fetch';
import { lookUp } from './objects';
import { oneLine } from './restore-message';
import type { BranchView } from './restore-view';

/** The branch that a restore goes to. */
export interface Target {
  /** Full ref. */
  readonly ref: string;
  /** Where it is now; empty: it must not exist. */
  readonly expected: string;
  /** It holds the commit already: an answer was lost, or the same was asked twice. */
  readonly done: boolean;
}

/** Looks at the branch that a restore goes to: the tracked one, where the head was seen, or the one of a pull request, asked for now. */
export async function lookAtTarget(
  source: Source,
  { branch, onto, trailers }: RestoreRequest,
  { view: { head }, tree }: { readonly view: BranchView; readonly tree: string },
): Promise<Target> {
  if (onto === undefined) return { ref: branch, expected: head, done: false };
  const there = await headOf(source, onto);
  if (there === undefined) return { ref: onto, expected: '', done: false };
  const { mirror, signal } = source;
  const shape = await mirror.local(['rev-parse', `${there}^{tree}`, `${there}^@`], { signal });
  const isAlike = shape.trim() === `${tree}\n${head}`;
  const written = isAlike ? (await readCommit(mirror, there, signal)).trailers : {};
  const hasOurs = Object.entries(trailers).every(([key, value]) => written[key] === oneLine(value));
  return { ref: onto, expected: there, done: isAlike && hasOurs };
}

async function headOf(source: Source, branch: string): Promise<string | undefined> {
  try {
    const ref = await fetchBranch(source, branch);
    const [head] = await lookUp(source.mirror, [`${ref}^{commit}`], source.signal);
    return head?.id;
  } catch (error: unknown) {
    if (complaintOf(error) === 'branch missing') return undefined;
    throw error;
  }
}
