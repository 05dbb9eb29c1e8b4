import type { HooksEnd } from '../activities/sync-hooks';
import type { SyncDecision, Treatment } from '../domain/decide-sync';
import type { RevisionPlan, StepPlan, WorkloadPlan } from '../domain/revision-plan';
import { withPromoted } from '../domain/settled';
import { needsHealth } from '../domain/sync/wait';
import { apply } from './application-apply';
import { attempt } from './application-attempt';
import { beganAt, untilResumed } from './application-member-steps';
import { isTurned } from './application-member-turn';
import { abortRollouts, runRollouts } from './application-rollouts';
import type { ApplicationRun } from './application-run';
import { revisionOf, type Delivered } from './application-delivery';
import { untilNews, type Interrupted } from './application-wait';
import { reading, writing } from './proxies';

interface InSteps {
  readonly run: ApplicationRun;
  readonly plan: RevisionPlan;
  readonly startedAt: number;
  /** How each workload is treated as things are now. */
  readonly treatments: () => Readonly<Record<string, Treatment>>;
}

/**
 * A sync of several phases and waves (Argo CD's PreSync, Sync, PostSync): everything is tried before the first write, then each step
 * is applied, its workloads come out by rollouts, its hooks run beside them, and the next begins when all of it is healthy. SyncFail
 * hooks run when a step fails.
 */
export async function deliverInSteps(
  run: ApplicationRun,
  plan: RevisionPlan,
  { treatments, rolling }: SyncDecision & { readonly kind: 'sync' },
): Promise<Delivered> {
  const sync: InSteps = {
    run,
    plan,
    startedAt: beganAt(run, plan),
    treatments: () => withPromoted(run.state, plan, treatments),
  };
  const short = plan.revision.slice(0, 12);
  const input = { ...revisionOf(plan), stage: 'try', treatments, fix: true, prune: false } as const;
  if ((await apply(run, `try everything of ${short}`, input)) === undefined) return { kind: 'refused' };
  const steps = (plan.steps ?? []).filter(({ phase }) => phase !== 'SyncFail');
  for (const [index, step] of steps.entries()) {
    const mine = rolling.filter(({ name }) => step.workloads.includes(name));
    const waits = step.objects > 0 && needsHealth(plan.steps ?? [], index);
    const end = await doStep(sync, step, { mine, waits });
    if (end.kind === 'promoted') continue;
    if (end.kind === 'failed') await runFailHooks(sync);
    await deleteHooks(sync, steps.slice(0, index + 1), true);
    return end;
  }
  await deleteHooks(sync, steps, false);
  return { kind: 'promoted' };
}

interface Share {
  /** Workloads of the step that change. */
  readonly mine: readonly WorkloadPlan[];
  /** Its plain objects must be healthy before the sync goes on. */
  readonly waits: boolean;
}

async function doStep(sync: InSteps, step: StepPlan, { mine, waits }: Share): Promise<Delivered> {
  const { run, plan } = sync;
  const name = nameOf(step);
  say(sync, step);
  await untilResumed(run);
  if (isTurned(run)) return endOf(sync, { kind: 'stopped' });
  const stage = (each: 'before' | 'after') =>
    apply(run, `${each === 'before' ? 'apply' : 'apply the rest of'} ${name}`, {
      ...revisionOf(plan),
      stage: each,
      treatments: sync.treatments(),
      step: keyOf(step),
      fix: true,
      prune: false,
    });
  if (step.objects > 0 && (await stage('before')) === undefined) return { kind: 'refused' };
  const hooks = startHooks(sync, step);
  const result = await runRollouts(run, plan, mine, sync.treatments());
  if (result.kind !== 'promoted') hooks.stop();
  else if (step.hooks.length > 0) say(sync, step, `: waiting for ${step.hooks.join(', ')}`);
  const ended = await hooks.ended;
  if (result.kind !== 'promoted' && !(ended.kind === 'failed' && result.kind === 'failed')) return result;
  if (ended.kind !== 'done') return endOf(sync, ended);
  // What waits at its gate has not been adopted: the rest follows for all steps when the release is good.
  const isOpen = run.member.gated.length > 0;
  if (mine.length > 0 && !isOpen && (await stage('after')) === undefined) return { kind: 'refused' };
  return waits ? awaitHealth(sync, step, name) : { kind: 'promoted' };
}

/** What people see of a sync under way. */
function say({ run, plan: { revision } }: InSteps, step: StepPlan, doing = ''): void {
  run.begin('sync', `${nameOf(step)} of ${revision.slice(0, 12)}${doing}`, revision);
}

/** The hooks of a step run beside its rollouts; one that fails calls them off. */
function startHooks(
  sync: InSteps,
  step: StepPlan,
): { readonly ended: Promise<Interrupted<HooksEnd>>; readonly stop: () => void } {
  if (step.hooks.length === 0) return { ended: Promise.resolve({ kind: 'done' }), stop: () => undefined };
  const { run } = sync;
  const summary = `run ${step.hooks.slice(0, 3).join(', ')}`;
  const waiting = untilNews(run, sync.plan, () =>
    writing(run.state.cluster?.id ?? '').runSyncHooks.executeWithOptions({ summary }, [inputOf(sync, step)]),
  );
  const ended = attempt(() => waiting.ended).then((end) => {
    const how = end.ok ? end.value : cannotRun(step, end.error.message);
    if (how.kind === 'failed') abortRollouts(run, `${how.hook} failed`);
    return how;
  });
  return { ended, stop: waiting.stop };
}

/** Those whose policy says so go when the sync has ended, by its result (Argo CD); one that stays changes nothing of that result. */
async function deleteHooks(sync: InSteps, steps: readonly StepPlan[], failed: boolean): Promise<void> {
  const { run } = sync;
  const summary = `delete hooks that go when the sync has ${failed ? 'failed' : 'succeeded'}`;
  for (const step of steps.filter(({ hooks }) => hooks.length > 0)) {
    const input = { ...inputOf(sync, step), failed };
    const { deleteSyncHooks } = writing(run.state.cluster?.id ?? '');
    const gone = await attempt(() => deleteSyncHooks.executeWithOptions({ summary }, [input]));
    if (!gone.ok) run.tell(`${step.hooks.join(', ')} could not be deleted: ${gone.error.message}`);
  }
}

async function awaitHealth(sync: InSteps, step: StepPlan, name: string): Promise<Delivered> {
  const { run, plan } = sync;
  say(sync, step, ': waiting until its objects are healthy');
  const { ended } = untilNews(run, plan, () =>
    reading(run.state.cluster?.id ?? '').awaitStep.executeWithOptions(
      { summary: `until ${name} is healthy` },
      [{ ...inputOf(sync, step), treatments: sync.treatments() }],
    ),
  );
  const awaited = await attempt(() => ended);
  if (awaited.ok) return awaited.value.kind === 'healthy' ? { kind: 'promoted' } : endOf(sync, awaited.value);
  run.obstructed(awaited.error);
  return { kind: 'refused' };
}

type Failed =
  | { readonly kind: 'failed'; readonly hook: string; readonly sentence: string }
  | { readonly kind: 'unhealthy'; readonly object: string; readonly sentence: string }
  | Interrupted<never>;

/** What is no workload fails under the hash of all manifests: the same content is not tried again unless a person asks. */
function endOf({ run, plan }: InSteps, end: Failed): Delivered {
  if (end.kind === 'superseded') return end;
  const at = Date.now();
  const failed = (code: string, name: string, sentence: string, isAbort = false): Delivered => ({
    kind: 'failed',
    failure: { code, sentence, at },
    workload: { name, version: plan.content ?? plan.tree },
    isAbort,
  });
  switch (end.kind) {
    case 'failed':
      return failed('HookFailed', end.hook, `${end.hook} failed: ${end.sentence}`);
    case 'unhealthy':
      return failed('Unhealthy', end.object, `${end.object}: ${end.sentence}`);
    case 'late':
      return failed('SyncTimeout', 'the sync', run.deadline?.why ?? 'the sync took too long');
    case 'deleted':
      return failed('Aborted', 'the sync', 'the application is deleted', true);
    case 'stopped':
      return failed('Aborted', 'the sync', 'it was called off', true);
  }
}

/** Whatever comes of them: they only clean up after a sync that has failed. */
async function runFailHooks(sync: InSteps): Promise<void> {
  const { run, plan } = sync;
  for (const step of (plan.steps ?? []).filter((each) => each.phase === 'SyncFail')) {
    const end = await startHooks(sync, step).ended;
    if (end.kind === 'failed') run.tell(`${end.hook} failed: ${end.sentence}`);
  }
}

function cannotRun({ hooks: [hook = ''] }: StepPlan, sentence: string): HooksEnd {
  return { kind: 'failed', hook, sentence };
}

function inputOf({ run, plan, startedAt }: InSteps, step: StepPlan) {
  return { spec: run.spec, ...revisionOf(plan), step: keyOf(step), startedAt };
}

function nameOf({ phase, wave }: StepPlan): string {
  return `${phase} wave ${wave}`;
}

function keyOf({ phase, wave }: StepPlan): Pick<StepPlan, 'phase' | 'wave'> {
  return { phase, wave };
}
