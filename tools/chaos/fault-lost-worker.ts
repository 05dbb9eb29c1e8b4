import { setTimeout as sleep } from 'node:timers/promises';
import { fenceOn } from '../../src/domain/fence';
import type { Cluster } from '../../src/ports/cluster';
import type { FaultEnd, FaultScene } from './faults';
import type { Broken } from './promises';

/** Another worker goes on within this time. */
const goesOnWithinMs = 45_000;
/** A worker that wakes up does what it was about to do at once. */
const awakeMs = 3_000;

/** SIGSTOP in the middle of a write, SIGCONT after the story has ended: it must change nothing when it wakes up. */
export function freeze(scene: FaultScene): Promise<FaultEnd> {
  return loseWorker(
    scene,
    () => scene.post.signal('SIGSTOP'),
    () => scene.post.signal('SIGCONT'),
  );
}

/** The same for a worker that runs on and cannot reach Temporal. */
export function cutFromTemporal(scene: FaultScene): Promise<FaultEnd> {
  return loseWorker(
    scene,
    () => scene.post.temporal.cut(),
    () => scene.post.temporal.mend(),
  );
}

async function loseWorker(scene: FaultScene, lose: () => void, find: () => void): Promise<FaultEnd> {
  const { stage, recovery, post, workflowId, name, told } = scene;
  const goesOn = recovery.nextElsewhere(workflowId, post);
  lose();
  const wentOnMs = await Promise.race([goesOn, told.then(() => undefined)]);
  await told;
  const before = await atRest(stage.kube, name);
  find();
  await sleep(awakeMs);
  const after = await fingerprint(stage.kube, name);
  // It may have ended itself, or go on beside the other one: from here on there is a fresh one.
  await post.kill();
  const changed = Object.keys({ ...before, ...after }).filter((key) => before[key] !== after[key]);
  const broken: Broken[] = changed.map((key) => ({
    promise: 'a worker that wakes up late changes nothing',
    found: `${key} was ${before[key] ?? 'not there'} and is ${after[key] ?? 'not there'}`,
  }));
  if (wentOnMs !== undefined && wentOnMs > goesOnWithinMs)
    broken.push({
      promise: `another worker goes on within ${goesOnWithinMs / 1_000} s`,
      found: `${(wentOnMs / 1_000).toFixed(1)} s`,
    });
  return { broken, ...(wentOnMs === undefined ? {} : { wentOnMs }) };
}

const kinds = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['networking.k8s.io/v1', 'Ingress'],
] as const;

/** Kind and name → resourceVersion and fence. */
async function fingerprint(kube: Cluster, namespace: string): Promise<Readonly<Record<string, string>>> {
  const lists = await Promise.all(
    kinds.map(async ([apiVersion, kind]) => {
      const objects = await kube.list({ apiVersion, kind }, { namespace });
      return objects.map((object): [string, string] => [
        `${kind} ${object.metadata.name}`,
        `${object.metadata.resourceVersion} (fence ${fenceOn(object)})`,
      ]);
    }),
  );
  return Object.fromEntries(lists.flat());
}

/** Controllers may still write down what they see: waits until nothing has moved for a second. */
async function atRest(kube: Cluster, namespace: string): Promise<Readonly<Record<string, string>>> {
  let last = await fingerprint(kube, namespace);
  for (const end = Date.now() + 15_000; Date.now() < end;) {
    await sleep(1_000);
    const now = await fingerprint(kube, namespace);
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
  return last;
}
