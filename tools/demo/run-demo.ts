import { join } from 'node:path';
import { createRepository, type DemoRepository } from './repository';
import { setStage, type Stage } from './stage';
import { createTimeline, type Timeline } from './timeline';

/** A story that is played on a stage of its own. */
export interface Demo {
  /** Where everything of it goes. */
  readonly dir: string;
  readonly title: string;
  /** Directory of the repository that the story writes to. */
  readonly path: string;
  readonly tell: (stage: Stage, repository: DemoRepository, time: Timeline) => Promise<void>;
  /** What to type while it goes on running, a line each. */
  readonly hints: (repository: DemoRepository) => readonly string[];
}

/** Tells the story and ends the process: 0 only if every claim was checked against the cluster and Git and held. */
export function runDemo(demo: Demo): void {
  play(demo).then(
    (code) => {
      if (code >= 0) process.exit(code);
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}

async function play({ dir, title, path, tell, hints }: Demo): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const time = createTimeline(print);
  const begun = performance.now();
  print(`${title} (in ${dir})`);
  const stage = await setStage(dir, print);
  const stop = (): void => void stage.strike().finally(() => process.exit(130));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const repository = createRepository(join(stage.dir, 'git'), path);
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
    keep(stage, hints(repository), print);
    return -1;
  }
  await stage.strike();
  return failed.length === 0 ? 0 : 1;
}

/** Everything stays up until Ctrl-C: where to look and what to type. */
function keep(stage: Stage, hints: readonly string[], print: (line: string) => void): void {
  print(`
It goes on running until Ctrl-C. To play with it, in another shell:

  export TEMPORAL_ADDRESS=${stage.temporal.address} KUBECONFIG=${stage.cluster.kubeconfig}
${hints.map((line) => `  ${line}`).join('\n')}

Temporal's Web UI: ${stage.temporal.uiUrl ?? ''}`);
}
