import { parseArgs } from 'node:util';

/** How the canaries are delivered: all Rollouts in one application, or one application for each of them. */
export type Shape = 'one' | 'many';

export interface Options {
  /** How many canaries move at once. */
  readonly number: number;
  /** Pods of each. */
  readonly replicas: number;
  readonly shapes: readonly Shape[];
  /** Applications that are looked at while nothing happens; 0: none are. */
  readonly idle: number;
  /** Canaries in progress when the worker is killed; 0: it is not. */
  readonly killed: number;
  /** The program of Argo Rollouts' controller and the definitions of its kinds; undefined: it is not run. */
  readonly argo: { readonly program: string; readonly crds: string } | undefined;
  /** Where Temporal keeps its database. */
  readonly database: 'file' | 'memory';
  /** File for the figures as JSON. */
  readonly output: string;
  /** The worker writes a profile of its processor time into this directory when it ends. */
  readonly profile: string | undefined;
}

export const usage = `npm run bench -- canaries [options]   what many canaries at once take and cost, beside Argo Rollouts

It starts Kubernetes control planes, Temporal servers and workers of its own on this machine, and ends them. No other cluster can
be named, and neither KUBECONFIG nor TEMPORAL_ADDRESS is looked at.

  --number N         canaries at once (200)
  --replicas N       pods of each (4)
  --shape SHAPE      one: an application of all Rollouts; many: an application for each; both (both)
  --idle N           applications of which nothing changes for a minute (1000); 0: none
  --killed N         canaries in progress when the worker is killed (20); 0: it is not
  --argo PROGRAM     Argo Rollouts' controller, to be given the same load (ARGO_ROLLOUTS)
  --crds FILE        the definitions of its kinds as YAML (ARGO_ROLLOUTS_CRDS)
  --database WHERE   of Temporal: file (SQLite) or memory (file)
  --output FILE      figures as JSON (bench-canaries.json)
  --profile DIR      the worker writes a processor profile here (figures are worse then)`;

/** Throws an Error with a sentence for a person. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv = {}): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      number: { type: 'string', default: '200' },
      replicas: { type: 'string', default: '4' },
      shape: { type: 'string', default: 'both' },
      idle: { type: 'string', default: '1000' },
      killed: { type: 'string', default: '20' },
      argo: { type: 'string' },
      crds: { type: 'string' },
      database: { type: 'string', default: 'file' },
      output: { type: 'string', default: 'bench-canaries.json' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const number = whole('--number', values.number, 1);
  return {
    number,
    replicas: whole('--replicas', values.replicas, 1),
    shapes: shapesOf(values.shape),
    idle: whole('--idle', values.idle, 0),
    killed: Math.min(number, whole('--killed', values.killed, 0)),
    argo: argoOf(values.argo ?? env['ARGO_ROLLOUTS'], values.crds ?? env['ARGO_ROLLOUTS_CRDS']),
    database: databaseOf(values.database),
    output: values.output,
    profile: values.profile,
  };
}

function shapesOf(text: string): readonly Shape[] {
  if (text === 'both') return ['one', 'many'];
  if (text === 'one' || text === 'many') return [text];
  throw new Error(`--shape ${text} is none of one, many, both`);
}

function databaseOf(text: string): Options['database'] {
  if (text === 'file' || text === 'memory') return text;
  throw new Error(`--database ${text} is neither file nor memory`);
}

function argoOf(program: string | undefined, crds: string | undefined): Options['argo'] {
  if (program === undefined) return undefined;
  if (crds === undefined)
    throw new Error('--argo needs --crds: the definitions of its kinds, as its release has them');
  return { program, crds };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text !== '' && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} ${text} is not a whole number of at least ${least}`);
}
