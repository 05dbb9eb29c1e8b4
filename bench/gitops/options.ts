import { parseArgs } from 'node:util';

export interface Options {
  readonly applications: number;
  /** How long nothing happens, seconds. */
  readonly idleSeconds: number;
  readonly pushes: number;
  readonly edits: number;
  /** Where everything is kept while it runs; must not exist; removed afterwards. */
  readonly dir: string | undefined;
  /** File for the figures as JSON. */
  readonly output: string | undefined;
  /** The worker writes a profile of its processor time into this directory when it ends. */
  readonly profile: string | undefined;
  readonly pollSeconds: number;
}

export const usage = `npm run bench -- gitops [options]   how fast many applications of one repository are delivered, and what it costs

It starts a Kubernetes control plane, a Temporal server and a worker of its own on this machine, and ends them. No other cluster can
be named, and neither KUBECONFIG nor TEMPORAL_ADDRESS is looked at.

  --applications N   of 5 objects each (500)
  --idle SECONDS     how long to look at an idle system (180)
  --pushes N         by webhook, and as many found by polling (20)
  --edits N          of live objects by another manager (20)
  --poll SECONDS     poll interval of the repository (2)
  --dir DIRECTORY    where clusters, repository and log go; must not exist (a temporary one)
  --output FILE      figures as JSON (bench-gitops.json)
  --profile DIR      the worker writes a processor profile here (figures are worse then)`;

/** Throws an Error with a sentence for a person. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      applications: { type: 'string', default: '500' },
      idle: { type: 'string', default: '180' },
      pushes: { type: 'string', default: '20' },
      edits: { type: 'string', default: '20' },
      poll: { type: 'string', default: '2' },
      dir: { type: 'string' },
      output: { type: 'string', default: 'bench-gitops.json' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    applications: whole('--applications', values.applications, 1),
    idleSeconds: whole('--idle', values.idle, 0),
    pushes: whole('--pushes', values.pushes, 0),
    edits: whole('--edits', values.edits, 0),
    pollSeconds: whole('--poll', values.poll, 1),
    dir: values.dir,
    output: values.output,
    profile: values.profile,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} ${text} is not a whole number of at least ${least}`);
}
