import { keepSmall, type ApplicationDiff, type ObjectDiff } from '../domain/diff/application-diff';
import { diffObjects } from '../domain/diff/diff-objects';
import { nameOf, refOf } from '../domain/kube-object';
import { marks } from '../domain/marks';
import type { DiffInput } from '../messages/diff';
import { beating, type Beat } from './beating';
import { compareInventory } from './compare-inventory';
import type { Tried } from './dry-run';
import type { Loaded, LoadRevision } from './load';
import { loadApplication } from './load-application';
import { inParallel } from './parallel';
import { place } from './place';
import type { Ports } from './ports';
import { selectObjects } from './selection';
import { tryAll } from './try-all';

const atOnce = 8;

type Input = Omit<DiffInput, 'cluster'>;

/** Shows what a sync would change, and changes nothing. */
export function createDiff(ports: Ports, load: LoadRevision) {
  return {
    /**
     * What differs between the live objects and a revision, by server-side dry runs; `ignoreDifferences` and workloads in rollouts are
     * left out. At most 64 KiB, and no value of a Secret is in it.
     */
    diffApplication: beating(async (input: Input, beat): Promise<ApplicationDiff> => {
      const { spec, treatments } = input;
      const rolling = Object.keys(treatments).filter((name) => treatments[name]?.kind === 'rolling');
      const revision = await commitOf(ports, input);
      const loaded = await loadApplication(load, { ...input, revision });
      if (!loaded.ok) return keepSmall({ revision, objects: [], problems: loaded.problems, rolling });
      const selected = selectObjects(loaded.value, { spec, stage: 'heal', treatments });
      const placed = await place(ports.cluster, spec, selected);
      const { problems, differing } = await tryAll(ports, spec, { placed }, beat);
      return keepSmall({
        revision,
        objects: [...differing.map(diffOf), ...(await extras(ports, { input, loaded: loaded.value }, beat))],
        problems,
        rolling,
      });
    }),
  };
}

async function commitOf({ git }: Ports, { spec, revision }: Input): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  return (await git.resolve(spec.source.repoUrl, revision)).revision;
}

function diffOf({ object, live, after, ignored }: Tried): ObjectDiff {
  const name = nameOf(refOf(object));
  if (live === undefined) return { object: name, change: 'missing', fields: [] };
  const fields = after === undefined ? [] : diffObjects(live, after, ignored);
  return { object: name, change: 'changed', fields };
}

/** What a sync that prunes would delete: in the inventory, not in the revision, there, and still the application's. */
async function extras(
  { cluster }: Ports,
  { input: { spec }, loaded }: { readonly input: Input; readonly loaded: Loaded },
  { signal }: Beat,
): Promise<readonly ObjectDiff[]> {
  const { gone } = await compareInventory(cluster, { spec, loaded }, signal);
  const live = await inParallel(atOnce, gone, (ref) => cluster.get(ref, signal));
  return gone
    .filter((_ref, index) => live[index]?.metadata.labels?.[marks.application] === spec.name)
    .map((ref) => ({ object: nameOf(ref), change: 'extra', fields: [] }));
}
