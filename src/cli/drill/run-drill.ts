import type { BelayClient } from '../../client/belay-client';
import { ClientError } from '../../client/client-error';
import type { ApplicationStatus } from '../../domain/application-status';
import { drillMessage } from '../../domain/drill/message';
import type { Scorecard } from '../../domain/drill/scorecard';
import { shortRevision } from '../../domain/explain-time';
import type { CliContext } from '../context';
import { cardOf } from './card';
import { openClone, type DrillClone } from './clone';
import { describeDrill } from './describe-drill';
import { openExperiment, type DrillExperiment, type ExperimentTalk } from './experiment';
import { takeOut } from './left-over';
import { planDrill, type DrillPlan, type DrillRequest } from './plan-drill';
import { lossOf, startProbe } from './probe';
import { branchOf, findSubject, reached, type Subject } from './subject';
import { watchDrill } from './watch-drill';

/** How a drill talks to the person who runs it. */
export interface DrillTalk {
  readonly say: (line: string) => void;
  /** Whether a branch that others depend on may be broken. */
  readonly mayPush: (what: readonly string[], isProduction: boolean) => Promise<boolean>;
  readonly stopped: AbortSignal;
}

/**
 * Breaks an application in Git on purpose, watches what Belay makes of it, and takes out what it leaves. Undefined: the person said no.
 * Whatever happens after the push, the fault does not stay in Git: this process takes it out, or a later one finds it by its trailer.
 */
export async function runDrill(
  { env, now }: Pick<CliContext, 'env' | 'now'>,
  client: BelayClient,
  request: DrillRequest,
  talk: DrillTalk,
): Promise<Scorecard | undefined> {
  const subject = await findSubject(client, request);
  const branch = branchOf(subject, request.branch, now());
  const { repoUrl } = subject.faulty.spec.source;
  const experiment = experimentOf(subject, request, { env, say: talk.say });
  if (request.probe !== undefined) await mustAnswer(request.probe);
  const clone = await openClone({ repoUrl, branch, env });
  try {
    const ready = await withoutLeftOver(client, clone, subject, talk);
    const plan = await planDrill(clone, ready, request);
    const isProduction = request.branch === undefined || (await clone.isDefaultBranch());
    await experiment?.prepare();
    const started = (await experiment?.describe()) ?? [];
    if (!(await talk.mayPush(describeDrill(subject, plan, request, started), isProduction))) return undefined;
    const name = branch.replace('refs/heads/', '');
    return await breakAndWatch(client, clone, {
      subject,
      ready,
      plan,
      request,
      branch: name,
      talk,
      experiment,
    });
  } finally {
    await clone.close();
  }
}

function experimentOf(
  { faulty }: Subject,
  { id, experiment }: DrillRequest,
  talk: ExperimentTalk,
): DrillExperiment | undefined {
  if (experiment === undefined) return undefined;
  const { name: application, destination } = faulty.spec;
  return openExperiment(experiment, { id, application, namespace: destination.namespace }, talk);
}

interface Breaking {
  readonly subject: Subject;
  readonly ready: readonly ApplicationStatus[];
  readonly plan: DrillPlan;
  readonly request: DrillRequest;
  readonly branch: string;
  readonly talk: DrillTalk;
  readonly experiment: DrillExperiment | undefined;
}

async function breakAndWatch(
  client: BelayClient,
  clone: DrillClone,
  { subject, ready, plan, request, branch, talk, experiment }: Breaking,
): Promise<Scorecard> {
  const { name, isRelease, faulty, members } = subject;
  const paths = [...new Set(ready.map(({ spec }) => spec.source.path))];
  const before = await clone.head();
  const trees = new Map<string, string>();
  for (const path of paths) trees.set(path, await clone.tree(before, path));
  const revision = await clone.commit(plan.files, drillMessage({ ...request, what: plan.what }));
  const probe = request.probe === undefined ? undefined : startProbe(request.probe);
  try {
    await push(clone, revision);
    talk.say(`Git: pushed ${shortRevision(revision)}, drill ${request.id}`);
    const others = members.map(({ spec }) => spec.name).filter((each) => each !== faulty.spec.name);
    const seen = await watchDrill(client, {
      applications: [faulty.spec.name, ...others],
      ...(isRelease ? { release: name } : {}),
      revision,
      pushedAt: Date.now(),
      timeoutMs: request.timeoutMs,
      stopped: talk.stopped,
      say: once(talk.say),
      meanwhile: async (rollouts) => {
        for (const { spec, endedAt } of rollouts)
          if (endedAt === undefined) await experiment?.startFor(spec.rolloutId);
      },
    });
    await experiment?.end();
    const counted = await probe?.stop();
    await clone.refresh();
    const reachedNames = ready.map(({ spec }) => spec.name);
    const drilled = { request, isRelease, branch, revision, trees, reached: reachedNames };
    return await cardOf(clone, drilled, seen, counted);
  } finally {
    await probe?.stop();
    try {
      await experiment?.end();
    } finally {
      const out = await takeOut(clone, name, paths);
      if (out !== undefined)
        talk.say(`Git: what was left of the drill is taken out by ${shortRevision(out)}`);
    }
  }
}

async function push(clone: DrillClone, revision: string): Promise<void> {
  if (await clone.push(revision)) return;
  throw new ClientError('Failed', 'somebody has pushed at this moment: nothing was broken', {
    remedy: 'run the drill again',
  });
}

/** A drill that was killed, or a fault that nobody noticed, is taken out first; answers the applications that a commit reaches. */
async function withoutLeftOver(
  client: BelayClient,
  clone: DrillClone,
  subject: Subject,
  talk: DrillTalk,
): Promise<readonly [ApplicationStatus, ...ApplicationStatus[]]> {
  const there = reached(subject);
  const paths = there.map(({ spec }) => spec.source.path);
  const out = await takeOut(clone, subject.name, paths);
  if (out === undefined) return there;
  talk.say(`Git: what an earlier drill has left is taken out by ${shortRevision(out)}`);
  await clone.refresh();
  const [faulty, ...others] = there;
  const settled = (each: ApplicationStatus) => delivered(client, each.spec.name, out);
  return [await settled(faulty), ...(await Promise.all(others.map(settled)))];
}

/** Waits until a commit is delivered. */
function delivered(client: BelayClient, name: string, revision: string): Promise<ApplicationStatus> {
  const fits = ({ state, sync, health, operation, rollouts }: ApplicationStatus) =>
    state.synced === revision &&
    sync === 'Synced' &&
    health === 'Healthy' &&
    operation === undefined &&
    rollouts.length === 0;
  return client.waitFor(name, fits, { timeoutMs: 300_000 });
}

async function mustAnswer(url: string): Promise<void> {
  const loss = await lossOf(url);
  if (loss === undefined) return;
  throw new ClientError('Rejected', `${url} does not answer before the drill has begun: ${loss}`, {
    remedy: 'give an address that this machine reaches, and that answers below 500',
  });
}

/** Says a line when it differs from the one before. */
function once(say: (line: string) => void): (line: string) => void {
  let said = '';
  return (line) => {
    if (line !== said) say(line);
    said = line;
  };
}
