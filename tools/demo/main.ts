import { join } from 'node:path';
import { openCast } from './cast';
import { createRepository, type DemoRepository } from './repository';
import { setStage, type Stage } from './stage';
import { firstVersion, goodPush, scaleByHand } from './story';
import { badConfig, brokenPush, pauseAndAbort } from './story-of-failures';
import { createTimeline, type Timeline } from './timeline';

const dir = join('.belay', 'demo');

/** Tells the story of one application; 0 only if every claim was checked against the cluster and Git and held. */
async function main(): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const time = createTimeline(print);
  const begun = performance.now();
  print(
    `Belay: one application from its first deployment to a rollback, on a local Kubernetes and a local Temporal (in ${dir})`,
  );
  const stage = await setStage(dir, print);
  const stop = (): void => void stage.strike().finally(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const repository = createRepository(join(stage.dir, 'git'));
  try {
    await tell(stage, repository, time);
  } catch (error: unknown) {
    time.check(error instanceof Error ? error.message : String(error), false);
    print(`the worker's log: ${stage.worker.logFile}`);
  }
  print(`\n${repository.git('log', '--oneline', 'main')}`);
  const failed = time.failures();
  print(
    `\n${failed.length === 0 ? 'Every claim held' : `${failed.length} claims did NOT hold`}; ${((performance.now() - begun) / 1000).toFixed(0)} s in all.`,
  );
  if (process.env['KEEP'] !== undefined && process.env['KEEP'] !== '0') {
    keep(stage, repository, print);
    return -1;
  }
  await stage.strike();
  return failed.length === 0 ? 0 : 1;
}

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

/** Everything stays up until Ctrl-C: where to look and what to type. */
function keep(stage: Stage, repository: DemoRepository, print: (line: string) => void): void {
  print(`
It goes on running until Ctrl-C. To play with it, in another shell:

  export TEMPORAL_ADDRESS=${stage.temporal.address} KUBECONFIG=${stage.cluster.kubeconfig}
  npx belay app get shop -w
  npx belay rollout get shop
  npx belay why shop
  kubectl -n shop get deploy,rs,pods
  cd ${repository.clone}     # edit k8-manifests/, commit, git push origin main

Temporal's Web UI: ${stage.temporal.uiUrl ?? ''}`);
}

main().then(
  (code) => {
    if (code >= 0) process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
