import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../src/activities/parallel';
import { createMonorepo } from '../gitops/monorepo';
import { setStage, type Stage } from '../gitops/stage';
import { whenSynced } from '../gitops/synced';
import { specOf } from './delivery';
import type { Idle } from './figures';
import { metersOf } from './belay';
import { nameOf } from './manifests';
import { costsOf } from './measure';
import type { Options } from './options';

const idleSeconds = 60;
/** Longer than anything that follows a sync. */
const calmMs = 15_000;

/** Delivers applications of one ConfigMap each, and looks at them while nothing changes. */
export async function idleWithBelay(options: Options, say: (line: string) => void): Promise<Idle> {
  const { idle: applications, database, profile } = options;
  const stage = await setStage({ dir: undefined, profile, pollSeconds: 10, database }, say);
  try {
    say(`Belay: ${applications} applications of one ConfigMap`);
    const creationSeconds = await create(stage, applications);
    await sleep(calmMs);
    say(`idle for ${idleSeconds} s`);
    const { done: _done, ...costs } = await costsOf(metersOf(stage), () => sleep(idleSeconds * 1_000));
    const { rss, peak } = stage.usage().worker;
    return { ...costs, applications, creationSeconds, seconds: idleSeconds, rss, peak };
  } catch (error: unknown) {
    say(`the worker's log ends: ${stage.logTail()}`);
    throw error;
  } finally {
    await stage.strike();
  }
}

async function create(stage: Stage, applications: number): Promise<number> {
  const repository = createMonorepo(join(stage.dir, 'git'));
  const names = Array.from({ length: applications }, (_, index) => nameOf(index));
  const { revision } = await repository.push(
    'All applications',
    Object.fromEntries(names.map((name) => [`apps/${name}/settings.yaml`, settingsOf(name)])),
  );
  const from = performance.now();
  await inParallel(16, names, (name) =>
    stage.client.createApplication(specOf(name, `apps/${name}`, repository.url)),
  );
  await whenSynced(stage, revision, applications);
  return (performance.now() - from) / 1_000;
}

function settingsOf(name: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } });
}
