import { setTimeout as sleep } from 'node:timers/promises';
import type { ReleaseState } from '../../src/domain/release/state';
import type { DemoRepository } from '../../tools/demo/repository';
import type { Stage } from '../../tools/demo/stage';
import { applicationsOf, manifestsOf, type ManyServices } from '../../tools/local/many-services';
import { createMembers, releaseEnded } from '../../tools/local/releases';
import { deployedVersions, watchServices, type ServiceVersions } from '../../tools/local/service-versions';

/** What one release came to; times in seconds. */
export interface Outcome {
  readonly version: string;
  readonly phase: ReleaseState['phase'];
  readonly seconds: number;
  /** From the failure's being known to the last endpoint of the version behind any Service; absent where nothing failed. */
  readonly trafficBack?: number;
  /** Deployments of the version, in words, that ought to be at another. */
  readonly wrong: readonly string[];
  /** Commits on top of the pushed one. */
  readonly commits: number;
  /** Whether Git's tree is what it must be. */
  readonly isTreeRight: boolean;
  readonly kills: number;
  /** Services that had fewer ready endpoints than two at some moment. */
  readonly lost: readonly string[];
}

export interface Play {
  readonly stage: Stage;
  readonly repository: DemoRepository;
  readonly services: ManyServices;
  readonly traffic: ServiceVersions;
}

const patienceMs = 600_000;

/** Delivers version 1 of all and watches their Services. */
export async function begin(stage: Stage, repository: DemoRepository, services: ManyServices): Promise<Play> {
  const { release } = services;
  const first = repository.push('Ship v1', manifestsOf(services, 'v1'));
  const specs = applicationsOf(services, { repoUrl: repository.url, namespace: release });
  await createMembers(stage.client, specs, { revision: first, timeoutMs: patienceMs });
  const idle = ({ releases }: { readonly releases?: { readonly running?: unknown } }) =>
    releases?.running === undefined;
  await stage.client.releases.waitFor(release, idle, { timeoutMs: patienceMs });
  return { stage, repository, services, traffic: await watchServices(stage.kube, release) };
}

/** Pushes a version of all and waits until its release has ended. `broken`: it must come back to `to`. */
export async function play(
  scene: Play,
  push: { readonly version: string; readonly to: string; readonly broken?: string; readonly kills?: number },
): Promise<Outcome> {
  const { stage, repository, services, traffic } = scene;
  const { version, to, broken, kills = 0 } = push;
  traffic.mark();
  const tree = repository.git('rev-parse', 'main^{tree}');
  const revision = repository.push(`Ship ${version}`, manifestsOf(services, version, broken));
  const begun = Date.now();
  const killing = killAgainAndAgain(scene, kills);
  const release = await releaseEnded(stage.client, services.release, revision, {
    timeoutMs: patienceMs,
    everyMs: 200,
  });
  const killed = await killing.stop();
  const { verdict } = release;
  await untilFree(traffic, broken === undefined ? to : version);
  const freeOf = traffic.freeOf(version);
  return {
    version,
    phase: release.phase,
    seconds: (Date.now() - begun) / 1000,
    ...(verdict === undefined
      ? {}
      : { trafficBack: Math.max(0, ((freeOf ?? Infinity) - verdict.at) / 1000) }),
    wrong: await notAt(scene, broken === undefined ? version : to),
    commits: Number(repository.git('rev-list', '--count', `${revision}..main`)),
    isTreeRight:
      repository.git('rev-parse', 'main^{tree}') ===
      (broken === undefined ? repository.git('rev-parse', `${revision}^{tree}`) : tree),
    kills: killed,
    lost: services.waves.flat().filter((name) => traffic.lowest(name) < 2),
  };
}

/** Kills the worker a moment after it is ready, until it was killed often enough or nobody waits any more. */
function killAgainAndAgain({ stage }: Play, kills: number): { stop(): Promise<number> } {
  let killed = 0;
  let isOver = false;
  const run = async (): Promise<void> => {
    while (killed < kills) {
      await sleep(500 + Math.random() * 2_500);
      if (isOver) return;
      stage.worker.kill('SIGKILL');
      await stage.worker.gone();
      killed += 1;
      await stage.restartWorker();
    }
  };
  const running = run();
  return {
    stop: async () => {
      isOver = true;
      await running;
      return killed;
    },
  };
}

/** The endpoints follow the pods by a moment. */
async function untilFree(traffic: ServiceVersions, version: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end && traffic.freeOf(version) === undefined;)
    await sleep(50);
}

async function notAt({ stage, services }: Play, tag: string): Promise<readonly string[]> {
  const found = await deployedVersions(stage.kube, services.release);
  return [...found].flatMap(([name, its]) => (its === tag ? [] : [`${name}: ${its}`]));
}
