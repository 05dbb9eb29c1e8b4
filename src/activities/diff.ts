import { keepSmall, type ApplicationDiff, type ObjectDiff } from '../domain/diff/application-diff';
import { diffObjects } from '../domain/diff/diff-objects';
import { keyOf, nameOf, refOf } from '../domain/kube-object';
import { marks } from '../domain/marks';
import type { DiffInput } from '../messages/diff';
import { beating, type Beat } from './beating';
import { isProblem, tryObject, type Tried } from './dry-run';
import { createIgnoring } from './ignoring';
import { readMirror } from './inventory';
import type { Loaded, LoadRevision } from './load';
import { loadApplication } from './load-application';
import { inParallel } from './parallel';
import { place, placedRefs } from './place';
import type { Ports } from './ports';
import { selectObjects } from './selection';

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
      beat.note(`compares ${placed.length} objects`);
      const trial = {
        cluster: ports.cluster,
        spec,
        ignoring: createIgnoring(ports.jq, ports.systemIgnores),
        all: placed,
        signal: beat.signal,
      };
      const tried = await inParallel(atOnce, placed, (each) => tryObject(trial, each));
      const differing = tried.filter((each): each is Tried => !isProblem(each) && each.differs);
      return keepSmall({
        revision,
        objects: [...differing.map(diffOf), ...(await extras(ports, { input, loaded: loaded.value }, beat))],
        problems: tried.filter(isProblem),
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
  const { inventory } = await readMirror(cluster, spec.name, spec.destination.namespace, signal);
  const objects = [...loaded.others, ...loaded.workloads].map(({ object }) => object);
  const wanted = new Set((await placedRefs(cluster, spec, objects)).map(keyOf));
  const gone = inventory.filter((ref) => !wanted.has(keyOf(ref)));
  const live = await inParallel(atOnce, gone, (ref) => cluster.get(ref, signal));
  return gone
    .filter((_ref, index) => live[index]?.metadata.labels?.[marks.application] === spec.name)
    .map((ref) => ({ object: nameOf(ref), change: 'extra', fields: [] }));
}
