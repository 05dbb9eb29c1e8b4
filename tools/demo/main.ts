import { join } from 'node:path';
import { openCast } from './cast';
import type { DemoRepository } from './repository';
import { runDemo } from './run-demo';
import type { Stage } from './stage';
import { firstVersion, goodPush, scaleByHand } from './story';
import { badConfig, brokenPush, pauseAndAbort } from './story-of-failures';
import type { Timeline } from './timeline';

async function tell(stage: Stage, repository: DemoRepository, time: Timeline): Promise<void> {
  await firstVersion(stage, repository, time);
  const cast = await openCast(stage);
  const play = { stage, repository, cast, time };
  try {
    await goodPush(play);
    await brokenPush(play);
    await scaleByHand(play);
    await badConfig(play);
    await pauseAndAbort(play);
  } finally {
    cast.leave();
  }
}

runDemo({
  dir: join('.belay', 'demo'),
  title:
    'Belay: one application from its first deployment to a rollback, on a local Kubernetes and a local Temporal',
  path: 'k8-manifests',
  tell,
  hints: ({ clone }) => [
    'npx belay app get shop -w',
    'npx belay rollout get shop',
    'npx belay why shop',
    'kubectl -n shop get deploy,rs,pods',
    `cd ${clone}     # edit k8-manifests/, commit, git push origin main`,
  ],
});
