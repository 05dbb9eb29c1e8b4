import { InvalidArgumentError, Option, type Command } from 'commander';
import { drillFaults, type DrillFault } from '../../domain/drill/fault';
import { examples, timeoutOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadDrill } from '../lazy';
import { outputOption, print, printLines, type OutputFormat } from '../output/print';
import { styleFor } from '../output/style';
import type { ExperimentFile } from '../drill/experiment';
import { UsageError } from '../usage-error';
import { drillView } from '../views/drill-view';

interface DrillOptions {
  readonly fault?: DrillFault;
  readonly cleanUp?: boolean;
  readonly branch?: string;
  readonly member?: string;
  readonly workload?: string;
  readonly container?: string;
  readonly overlay?: string;
  readonly setEnv: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly probe?: string;
  readonly experiment?: string;
  readonly kubeContext?: string;
  readonly yes?: boolean;
  readonly timeout: number;
  readonly output?: OutputFormat;
}

/** `belay drill`: a script over what Belay offers to everybody; nothing in a worker knows of drills. */
export function addDrill(program: Command, cli: CliContext): void {
  program
    .command('drill <name>')
    .summary('break an application or a release on purpose, and see that everything comes back')
    .description(
      'Pushes a commit that breaks an application, or the last member of a release, with your own git, watches the rollback, and says how each promise came out: a scorecard. ' +
        'Ends with 0 only if all held. Whatever happens, the fault does not stay in Git.',
    )
    .addOption(new Option('--fault <fault>', 'what is broken').choices(drillFaults))
    .option('--clean-up', 'only take out of Git what earlier drills have left')
    .option('--branch <name>', 'the branch that the application follows; needed unless --yes is given')
    .option('--member <name>', 'which member of a release is broken; default: the last in the order')
    .option('--workload <name>', 'what is broken, where there are several: web, or deployment/web')
    .option('--container <name>', 'which of its containers; default: the first')
    .option(
      '--overlay <path>',
      'write there: a kustomization, or a file of values, below the application’s path',
    )
    .option('--set-env <name=value>', 'makes the program slow, or makes it fail; may be repeated', pair, {})
    .option(
      '--values <key=value>',
      'of a chart: what makes the fault; {id} is the drill’s; may be repeated',
      pair,
      {},
    )
    .option('--probe <url>', 'ask this ten times a second meanwhile, and count what is lost')
    .option(
      '--experiment <file>',
      'of Chaos Mesh or Litmus, started when the new pods run; {id} in it is the drill’s',
    )
    .option('--kube-context <name>', 'where kubectl starts the experiment; default: its current context')
    .option('-y, --yes', 'do not ask before pushing to a branch that others depend on')
    .addOption(timeoutOption())
    .addOption(outputOption(['text', 'json', 'yaml']))
    .addHelpText(
      'after',
      examples(
        'belay drill web-scratch --fault image --branch scratch',
        'belay drill web --fault crash --yes --probe https://shop.example/health',
        'belay drill web --fault errors --set-env FAULT=errors:50 --yes -o json',
        'belay drill shop --fault image --yes',
        'belay drill web --fault experiment --experiment pod-failure.yaml --kube-context shop',
        'belay drill web --clean-up',
      ),
    )
    .action(async (name: string, options: DrillOptions) => {
      if ((options.fault === undefined) !== (options.cleanUp === true))
        throw new UsageError(
          'a drill makes one fault, or cleans up',
          `give --fault ${drillFaults.join('|')}, or --clean-up`,
        );
      checkExperiment(options);
      if (options.cleanUp === true) await clean(cli, name, options);
      else await drill(cli, name, { ...options, fault: options.fault ?? 'image' });
    });
}

function checkExperiment({ fault, cleanUp, experiment, kubeContext }: DrillOptions): void {
  if (fault === 'experiment' && experiment === undefined)
    throw new UsageError(
      'there is no experiment',
      'name a file of Chaos Mesh or Litmus by --experiment FILE',
    );
  if (experiment !== undefined && fault !== 'experiment' && cleanUp !== true)
    throw new UsageError(
      `--experiment is not for --fault ${fault ?? ''}`,
      'give --fault experiment, or leave it out',
    );
  if (kubeContext !== undefined && experiment === undefined)
    throw new UsageError('--kube-context is for experiments', 'give --experiment FILE, or leave it out');
}

async function experimentFile(
  cli: CliContext,
  { experiment, kubeContext }: DrillOptions,
): Promise<ExperimentFile | undefined> {
  if (experiment === undefined) return undefined;
  const context = kubeContext === undefined ? {} : { context: kubeContext };
  return { file: experiment, text: await cli.readText(experiment), ...context };
}

async function clean(cli: CliContext, name: string, options: DrillOptions): Promise<void> {
  const file = await experimentFile(cli, options);
  const subject = { name, timeoutMs: options.timeout };
  const { cleanUp, cleanUpExperiment } = loadDrill();
  const out = await withClient(cli, async (client) => {
    const names = file === undefined ? [] : await cleanUpExperiment(cli, client, subject, file);
    if (names.length > 0) printLines(cli, [`${name}: deleted ${names.join(', ')}`]);
    return cleanUp(cli, client, subject);
  });
  const commits = out.map((each) => each.slice(0, 12)).join(', ');
  const line =
    out.length === 0 ? 'no drill has left anything' : `what drills have left is taken out by ${commits}`;
  printLines(cli, [`${name}: ${line}`]);
}

async function drill(
  cli: CliContext,
  name: string,
  options: DrillOptions & { readonly fault: DrillFault },
): Promise<void> {
  const { fault, output, timeout, setEnv, values, yes = false } = options;
  const experiment = await experimentFile(cli, options);
  const stopped = new AbortController();
  const release = cli.onInterrupt(() => stopped.abort());
  // Programs read the standard output; what happens on the way is for people.
  const stream = output === 'json' || output === 'yaml' ? cli.stderr : cli.stdout;
  const say = (line: string) => void stream.write(`${line}\n`);
  const { runDrill, newDrillId } = loadDrill();
  try {
    const request = {
      name,
      fault,
      id: newDrillId(),
      env: setEnv,
      values,
      timeoutMs: timeout,
      ...pick(options, ['branch', 'member', 'workload', 'container', 'overlay', 'probe']),
      ...(experiment === undefined ? {} : { experiment }),
    };
    const card = await withClient(cli, (client) =>
      runDrill(cli, client, request, {
        say,
        stopped: stopped.signal,
        mayPush: async (what, isProduction) => {
          for (const line of [`${name}: this drill`, ...what.map((each) => `  ${each}`)]) say(line);
          return yes || !isProduction || cli.confirm('Break it?');
        },
      }),
    );
    if (card === undefined) say('nothing was broken');
    else print(cli, { data: card, names: [], lines: () => drillView(card, styleFor(cli)) }, output);
    if (card?.passed !== true) cli.exitCode = exitCodes.failed;
  } finally {
    release();
  }
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Partial<Pick<T, K>> {
  const there = keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]);
  return Object.fromEntries(there) as Partial<Pick<T, K>>;
}

function pair(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write NAME=VALUE.');
  return { ...before, [name]: value };
}
