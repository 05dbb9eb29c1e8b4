import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses } from '../local/processes';
import { jumpClock } from './fault-clock';
import { fillDisk } from './fault-disk';
import { cutFromTemporal, freeze } from './fault-lost-worker';
import type { FaultName } from './fault-names';
import type { Crew, Post } from './crew';
import type { ApiFault, GitFault } from './lines';
import type { Broken } from './promises';
import type { Recovery } from './recovery';
import type { Stage } from './stage';

/** What a fault is given: the worker that has the activity in hand, and the story that it belongs to. */
export interface FaultScene {
  readonly stage: Stage;
  readonly crew: Crew;
  readonly recovery: Recovery;
  readonly post: Post;
  /** Of the activity that is in its middle. */
  readonly workflowId: string;
  /** Namespace of the story. */
  readonly name: string;
  readonly outageMs: number;
  /** Resolves when the story has ended and its promises were looked at. */
  readonly told: Promise<void>;
}

/** What came of a fault. */
export interface FaultEnd {
  readonly broken: readonly Broken[];
  /** Milliseconds until another worker went on. */
  readonly wentOnMs?: number;
  /** It was not done here, for this reason. */
  readonly skipped?: string;
}

export interface Fault {
  /** It is about two workers of which one is lost: nobody is killed meanwhile. */
  readonly isCalm: boolean;
  /** Done at the boundary; resolves when the fault is over and nothing is left of it. */
  strike(scene: FaultScene): Promise<FaultEnd>;
}

const nothingBroken: FaultEnd = { broken: [] };

export const faults: Readonly<Record<FaultName, Fault>> = {
  frozen: { isCalm: true, strike: freeze },
  'cut-from-temporal': { isCalm: true, strike: cutFromTemporal },
  'cut-from-api': {
    isCalm: true,
    strike: ({ post, outageMs }) =>
      outage(
        outageMs,
        () => post.api.cut(),
        () => post.api.mend(),
      ),
  },
  'temporal-killed': {
    isCalm: false,
    strike: async ({ stage }) => {
      if (stage.temporal.killAndRestart === undefined) return { broken: [], skipped: 'it is not ours' };
      await stage.temporal.killAndRestart();
      return nothingBroken;
    },
  },
  'api-stopped': { isCalm: false, strike: stopApiServer },
  'api-429': ofApi({ kind: 'status', code: 429 }),
  'api-500': ofApi({ kind: 'status', code: 500 }),
  'api-409': ofApi({ kind: 'status', code: 409, writes: true }),
  'watches-dropped': ofApi({ kind: 'drop-watches', afterMs: 300 }),
  'lists-stale': ofApi({ kind: 'stale-lists' }),
  'git-down': {
    isCalm: false,
    strike: ({ stage: { git }, outageMs }) =>
      outage(
        outageMs,
        () => git.cut(),
        () => git.mend(),
      ),
  },
  'git-slow': ofGit({ kind: 'slow', ms: 1_500 }),
  'git-dropping': ofGit({ kind: 'drop-after-receive' }),
  'disk-full': { isCalm: true, strike: fillDisk },
  'clock-jumping': { isCalm: true, strike: jumpClock },
};

async function outage(ms: number, begin: () => void, end: () => void): Promise<FaultEnd> {
  begin();
  try {
    await sleep(ms);
  } finally {
    end();
  }
  return nothingBroken;
}

function ofApi(fault: ApiFault): Fault {
  return {
    isCalm: false,
    strike: ({ crew, outageMs }) =>
      outage(
        outageMs,
        () => crew.misbehave(fault),
        () => crew.misbehave(),
      ),
  };
}

function ofGit(fault: GitFault): Fault {
  return {
    isCalm: false,
    strike: ({ stage: { git }, outageMs }) =>
      outage(
        outageMs,
        () => git.misbehave(fault),
        () => git.misbehave(),
      ),
  };
}

/** The process stands still: connections stay open and nothing is answered, to anybody. */
async function stopApiServer({ stage, outageMs }: FaultScene): Promise<FaultEnd> {
  const servers = (await listProcesses(stage.cluster.dir)).filter(({ name }) => name === 'kube-apiserver');
  const signal = (name: NodeJS.Signals): void => servers.forEach(({ pid }) => void process.kill(pid, name));
  return outage(
    outageMs,
    () => signal('SIGSTOP'),
    () => signal('SIGCONT'),
  );
}
