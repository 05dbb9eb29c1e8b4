import type { ApplicationSpec } from '../domain/application-spec';
import type { Problem } from '../domain/problem';
import type { Beat } from './beating';
import { isProblem, tryObject, type Tried } from './dry-run';
import { createIgnoring } from './ignoring';
import { inParallel } from './parallel';
import type { Ports } from './ports';
import type { Selected } from './selection';

export interface Trial {
  /** Everything that the API server refuses, at its place in Git. */
  readonly problems: readonly Problem[];
  /** What an apply would change, but for what is only tried. */
  readonly differing: readonly Tried[];
}

const atOnce = 8;

/** Tries objects against the API server without persisting anything. */
export async function tryAll(
  { cluster, jq, systemIgnores }: Pick<Ports, 'cluster' | 'jq' | 'systemIgnores'>,
  spec: ApplicationSpec,
  placed: readonly Selected[],
  beat: Beat,
): Promise<Trial> {
  const ignoring = createIgnoring(jq, systemIgnores);
  beat.note(`dry run of ${placed.length} objects`);
  const tried = await inParallel(atOnce, placed, (each) =>
    tryObject({ cluster, spec, ignoring, all: placed, signal: beat.signal }, each),
  );
  return {
    problems: tried.filter(isProblem),
    differing: tried.filter((each): each is Tried => !isProblem(each) && !each.dryRunOnly && each.differs),
  };
}
