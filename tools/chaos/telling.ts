import { setTimeout as sleep } from 'node:timers/promises';
import type { Telling } from './adversary';
import type { Post } from './crew';
import { faults, type FaultEnd } from './faults';
import { check } from './check';
import type { Turn } from './plan';
import type { Broken } from './promises';
import type { Run } from './run';
import { openScene, type Scene } from './scene';
import { stories, type Told } from './stories';

/** A story that does not get there in this time is stuck. Outages of several others may come into it. */
const patienceMs = 300_000;

/** Tells one story with what is planned for it, looks at what is left, and takes it down. */
export function tellTurn(run: Run, turn: Turn): Promise<Telling> {
  return turn.fault === undefined ? tell(run, turn) : run.inOrder(() => tell(run, turn));
}

async function tell(run: Run, turn: Turn): Promise<Telling> {
  const { stage, adversary, record } = run;
  const name = `${turn.story}-${run.nextNumber()}`;
  let isTold = (): void => undefined;
  const told = new Promise<void>((resolve) => (isTold = resolve));
  let fault: Promise<FaultEnd> | undefined;
  const telling = adversary.begin(name, turn, (post: Post, { workflowId }) => {
    if (turn.fault === undefined) return;
    const { name: which, at } = turn.fault;
    adversary.note(
      `${which} in the middle of ${at.activity} #${at.occurrence} of ${name} (worker ${post.name})`,
    );
    const { crew, recovery, options } = run;
    const scene = { stage, crew, recovery, post, workflowId, name, outageMs: options.outageMs, told };
    fault = faults[which].strike(scene).catch((error: unknown) => ({
      broken: [{ promise: `the fault ${which} can be done`, found: String(error) }],
    }));
  });
  const broken: Broken[] = [];
  let scene: Scene | undefined;
  try {
    scene = await openScene(stage, { name, story: turn.story, patienceMs });
    const end: Told = await stories[turn.story](scene, stage);
    broken.push(...(await check(stage, scene, end)));
    record.watchGit(name, scene.repository);
  } catch (error: unknown) {
    broken.push(await stuck(run, name, error));
  }
  isTold();
  const end = await fault;
  broken.push(...(end?.broken ?? []));
  adversary.end(telling);
  scene?.pods.stop();
  record.told(telling, { turn, broken, ...(end === undefined ? {} : { end }) });
  await takeDown(run, name);
  return telling;
}

async function stuck({ stage }: Run, name: string, error: unknown): Promise<Broken> {
  const status = await stage.client.applicationStatus(name).catch(String);
  const says = typeof status === 'string' ? status : `${status.sync}, ${status.health}: ${status.message}`;
  return {
    promise: 'the story comes to its end',
    found: `${error instanceof Error ? error.message : String(error)}; the application says: ${says}`,
  };
}

/** So that hundreds of stories do not weigh on the later ones. Failing here is not what is looked for. */
async function takeDown({ stage }: Run, name: string): Promise<void> {
  const { client, kube } = stage;
  for (let tries = 0; tries < 5; tries += 1) {
    const isTaken = await client.delete(name, { cascade: true }).catch(() => undefined);
    if (isTaken !== undefined) break;
    await sleep(2_000);
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name };
  await kube.remove(namespace, { propagation: 'Background' }).catch(() => undefined);
}
