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

/** Tries objects against the API server without persisting anything; with `trust`, not those that are known to be as in Git. */
export async function tryAll(
  { cluster, jq, systemIgnores, knownLive }: Pick<Ports, 'cluster' | 'jq' | 'systemIgnores' | 'knownLive'>,
  spec: ApplicationSpec,
  { placed, trust = false }: { readonly placed: readonly Selected[]; readonly trust?: boolean },
  beat: Beat,
): Promise<Trial> {
  const ignoring = createIgnoring(jq, systemIgnores);
  const asked = trust ? placed.filter((each) => knownLive?.isEqual(spec, each) !== true) : placed;
  beat.note(`dry run of ${asked.length} objects`);
  const tried = await inParallel(atOnce, asked, async (each) => {
    const found = await tryObject({ cluster, spec, ignoring, all: placed, signal: beat.signal }, each);
    if (!isProblem(found) && found.live !== undefined && !found.differs)
      knownLive?.noteEqual(spec, each, found.live);
    return found;
  });
  return {
    problems: tried.filter(isProblem),
    differing: tried.filter((each): each is Tried => !isProblem(each) && !each.dryRunOnly && each.differs),
  };
}
