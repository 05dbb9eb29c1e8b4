import { Command } from 'commander';
import { examples } from './arguments';
import { belayVersion } from './belay-version';
import { addAbort } from './commands/abort';
import { addAppCreate } from './commands/app-create';
import { addAppDelete } from './commands/app-delete';
import { addAppDiff } from './commands/app-diff';
import { addAppGet } from './commands/app-get';
import { addAppHistory } from './commands/app-history';
import { addAppList } from './commands/app-list';
import { addAppRecover } from './commands/app-recover';
import { addAppSync } from './commands/app-sync';
import { addCheck } from './commands/check';
import { addCodec } from './commands/codec';
import { addDev } from './commands/dev';
import { addDoctor } from './commands/doctor';
import { addDrill } from './commands/drill';
import { addLint } from './commands/lint';
import { addPause } from './commands/pause';
import { addPromote } from './commands/promote';
import { addReceiver } from './commands/receiver';
import { addReleaseCreate } from './commands/release-create';
import { addReleaseGet } from './commands/release-get';
import { addReleaseList } from './commands/release-list';
import { addReleasePlan } from './commands/release-plan';
import { addReleaseStarting, addReleaseSteering } from './commands/release-requests';
import { addReleaseStatus } from './commands/release-status';
import { addResume } from './commands/resume';
import { addRetry } from './commands/retry';
import { addRolloutGet } from './commands/rollout-get';
import { addStatus } from './commands/status';
import { addUndo } from './commands/undo';
import { addVersion } from './commands/version';
import { addWhy } from './commands/why';
import { addWorker } from './commands/worker';
import type { CliContext } from './context';
import { sayUsageErrors } from './usage-text';

const connection = `
Temporal is found by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the profile files of the \`temporal\` program, else by what
\`belay dev\` left in .belay/ here or above, else at localhost:7233.
Exit codes: 0 done, 1 failed or degraded, 2 bad usage, 3 timed out.`;

/** The whole command line. */
export function createProgram(cli: CliContext): Command {
  const program = new Command('belay')
    .description('GitOps deployments that give users, and Git, the good version back.')
    .version(`belay ${belayVersion()}`, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText(
      'after',
      examples(
        'belay dev',
        'belay app create -f app.yaml --wait',
        'belay rollout get web -w',
        'belay why web',
      ),
    )
    .addHelpText('after', connection);
  addApp(program, cli);
  addRelease(program, cli);
  addRolloutGet(program.command('rollout').alias('ro').description('look at rollouts'), cli);
  for (const add of [
    addPause,
    addResume,
    addPromote,
    addAbort,
    addRetry,
    addUndo,
    addStatus,
    addWhy,
    addDoctor,
  ])
    add(program, cli);
  addLint(program, cli);
  addCheck(program, cli);
  addDrill(program, cli);
  addDev(program);
  addWorker(program);
  addReceiver(program);
  addCodec(program, cli);
  addVersion(program, cli);
  sayUsageErrors(program, cli);
  return program;
}

function addApp(program: Command, cli: CliContext): void {
  const app = program.command('app').description('add, look at, sync and delete applications');
  for (const add of [
    addAppCreate,
    addAppList,
    addAppGet,
    addAppSync,
    addAppHistory,
    addAppDiff,
    addAppDelete,
    addAppRecover,
  ])
    add(app, cli);
}

function addRelease(program: Command, cli: CliContext): void {
  const release = program
    .command('release')
    .alias('rel')
    .description('deliver applications that belong together, and take them back together');
  for (const add of [
    addReleaseList,
    addReleaseGet,
    addReleaseStatus,
    addReleasePlan,
    addReleaseStarting,
    addReleaseSteering,
    addReleaseCreate,
  ])
    add(release, cli);
}
