import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../../src/client';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { PortError } from '../../src/ports/port-error';
import { delivered } from '../local/delivered';
import { commonFiles, path, replicas, versionFiles } from './manifests';
import { watchPods, type PodWatch } from './pods';
import { createRepository, type StoryRepository } from './repository';
import type { Stage } from './stage';
import type { StoryName } from './story-names';

/** One application with a repository and a namespace of its own, on which a story is told. */
export interface Scene {
  /** Name of the application and of its namespace; no other one contains it. */
  readonly name: string;
  readonly story: StoryName;
  readonly repository: StoryRepository;
  readonly pods: PodWatch;
  /** The revision of version 1. */
  readonly first: string;
  push(tag: string): Promise<string>;
  /** Waits until the application says so. */
  until(what: string, fits: (status: ApplicationStatus) => boolean): Promise<ApplicationStatus>;
  rollout(): Promise<RolloutStatus>;
  /** Does or asks again and again, as people do, until there is an answer; who cannot answer now is no reason to give up. */
  waitFor<T>(what: string, act: () => Promise<T | undefined>): Promise<T>;
}

export interface SceneOptions {
  readonly name: string;
  readonly story: StoryName;
  /** How long any wait may take, in milliseconds: then the story is stuck, which breaks promise 4. */
  readonly patienceMs: number;
}

/** Delivers version 1, and waits until it is whole. */
export async function openScene(stage: Stage, options: SceneOptions): Promise<Scene> {
  const { name, story } = options;
  const repository = await createRepository(stage.gitRoot, name, stage.git.url);
  const push = (tag: string, more: Readonly<Record<string, string>> = {}): Promise<string> =>
    repository.push(`Deploy ${tag}`, { ...versionFiles(story, tag), ...more });
  const first = await push('v1', commonFiles);
  const waitFor = patient(options.patienceMs);
  const scene: Omit<Scene, 'pods'> = {
    ...{ name, story, repository, first, push, waitFor },
    until: (what, fits) =>
      waitFor(what, async () => {
        const status = await stage.client.applicationStatus(name);
        return fits(status) ? status : undefined;
      }),
    rollout: () => stage.client.rolloutStatus(name),
  };
  await waitFor('the application is created', () =>
    stage.client.createApplication(delivered({ name, repoUrl: repository.url, path })),
  );
  const pods = await watchPods(stage.kube, name);
  try {
    await scene.until('version 1 is out', isSettledAt(first));
    await waitFor('its endpoints are listed', () =>
      Promise.resolve(pods.endpoints() >= replicas ? true : undefined),
    );
  } catch (error: unknown) {
    pods.stop();
    throw error;
  }
  pods.mark();
  return { ...scene, pods };
}

export function isSettledAt(revision: string): (status: ApplicationStatus) => boolean {
  return ({ state, sync, health, operation }) =>
    state.synced === revision && sync === 'Synced' && health === 'Healthy' && operation === undefined;
}

/** The bad revision has failed, and all is well again. */
export function isBackFrom(bad: string): (status: ApplicationStatus) => boolean {
  return ({ state, sync, health, operation }) =>
    state.lastRevert?.bad === bad && sync === 'Synced' && health === 'Healthy' && operation === undefined;
}

/** Each look is a query, which costs the worker. */
const everyMs = 300;

function patient(patienceMs: number): Scene['waitFor'] {
  return async (what, act) => {
    const end = Date.now() + patienceMs;
    let last = '';
    for (;;) {
      const seen = await act().catch((error: unknown) => {
        if (!(error instanceof ClientError) && !(error instanceof PortError)) throw error;
        last = `; the last error: ${error.message}`;
        return undefined;
      });
      if (seen !== undefined) return seen;
      if (Date.now() > end)
        throw new Error(`after ${patienceMs / 1_000} s it is still not so that ${what}${last}`);
      await sleep(everyMs);
    }
  };
}
