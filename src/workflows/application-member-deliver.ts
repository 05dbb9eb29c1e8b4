import { condition } from '@temporalio/workflow';
import type { Directive } from '../domain/release/state';
import { decideSync, type SyncDecision } from '../domain/decide-sync';
import { describeProblem } from '../domain/problem';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { withPromoted } from '../domain/settled';
import { runChecks } from './application-checks';
import type { Delivered, SyncOptions } from './application-delivery';
import { wouldEmpty } from './application-empty';
import { finish, takeUnchanged } from './application-finish';
import { couldNot, failedMember, restoresOf, takenBack } from './application-member-failure';
import { passGates, turnBack } from './application-member-gates';
import { putOffLook } from './application-member-look';
import { report } from './application-member-report';
import { rollBackAtOnce } from './application-member-roll-back';
import { isTurned } from './application-member-turn';
import { awaitVerdict } from './application-member-verdict';
import { mirror } from './application-mirror';
import { noteMerged, settleProposals } from './application-proposals';
import { readRevision } from './application-read';
import type { ApplicationRun } from './application-run';
import { bringOut, startClock } from './application-sync';
import { isHeldByWindow } from './application-window';
import { judgeEnds } from './rollout-ends';

type Decision = SyncDecision & { readonly kind: 'sync' };

/**
 * Brings a revision out for a release, up to the gate: all users' traffic is on the new versions, and stable is not touched. There it
 * waits for the release's verdict: `commit`, and stable adopts them; or the way back, which is left at the gate of the way back, until
 * every member's traffic is back. Git is never written here.
 */
export async function deliverMember(run: ApplicationRun): Promise<void> {
  const directive = run.state.release?.directive;
  if (directive === undefined) return;
  await turnBack(run, 'it begins anew'); // what an earlier try or release has left
  await passGates(run, 'trafficBack');
  run.member.refusal = undefined;
  run.member.delivering = directive.release;
  try {
    await deliver(run, directive);
  } finally {
    run.member.delivering = undefined;
    run.member.bringing = undefined;
    run.deadline = undefined;
    run.end();
  }
  await mirror(run, run.state.good);
}

async function deliver(run: ApplicationRun, { release, revision, pins, isRetry }: Directive): Promise<void> {
  const short = revision.slice(0, 12);
  const at = { revision, ...(pins === undefined ? {} : { pins }) };
  run.begin('sync', `bringing out ${short} with ${release}`, revision);
  putOffLook(run);
  report(run, 'delivering', `reads ${short}`, restoresOf(run, at));
  const plan = await readRevision(run, revision, pins);
  if (plan === undefined) return cannot(run);
  run.change({ compared: lookedAt(revision, plan.pins) });
  if (isRetry === true) lift(run, plan);
  const decision = decideSync(run.state, plan);
  if (decision.kind === 'quarantined') {
    const { revision: failed, reason } = decision.quarantine;
    const sentence = `${short} holds the version that failed in ${failed.slice(0, 12)}: ${reason}`;
    return couldNot(run, { code: 'Quarantined', sentence });
  }
  noteMerged(run, plan);
  run.release();
  if (takeUnchanged(run, plan)) return report(run, 'unchanged', `${short} brings nothing new`);
  if (wouldEmpty(run, plan, optionsOf(run)) || isHeldByWindow(run, plan, false)) return cannot(run);
  begin(run, plan);
  await mirror(run);
  startClock(run);
  const result = (await runChecks(run, plan)) ?? (await bringOut(run, plan, decision));
  run.deadline = undefined;
  await goOn(run, plan, { decision, result });
}

/** A person asks for what has failed: it may come out again. */
function lift(run: ApplicationRun, { workloads, content }: RevisionPlan): void {
  const versions = [content, ...workloads.map(({ version }) => version)];
  const kept = Object.entries(run.state.quarantine).filter(([version]) => !versions.includes(version));
  run.change({ quarantine: Object.fromEntries(kept), reverts: [] });
}

interface BroughtOut {
  readonly decision: Decision;
  readonly result: Delivered;
}

async function goOn(
  run: ApplicationRun,
  plan: RevisionPlan,
  { decision, result }: BroughtOut,
): Promise<void> {
  if (isTurned(run) && (result.kind !== 'failed' || result.isAbort)) return back(run, plan, decision);
  if (result.kind === 'refused') return cannot(run);
  if (result.kind !== 'promoted') {
    await failedMember(run, plan, result);
    return rollBackAtOnce(run, decision.rolling);
  }
  const short = plan.revision.slice(0, 12);
  const { release } = run.state.release?.directive ?? {};
  const count = run.member.gated.length;
  const how = count === 0 ? 'all of it is out' : 'all traffic is on the new version, the old one stands by';
  run.begin('sync', `${short}: ${how} until ${release ?? 'the release'} is good`, plan.revision);
  report(run, 'ready', how);
  const treatments = withPromoted(run.state, plan, decision.treatments);
  const verdict = await awaitVerdict(run, treatments);
  if (verdict.kind === 'back') return back(run, plan, decision);
  if (verdict.kind === 'failed') return failedMember(run, plan, verdict);
  await commit(run, plan, decision);
}

/** Traffic goes back through no fault of this member. */
async function back(run: ApplicationRun, plan: RevisionPlan, { rolling }: Decision): Promise<void> {
  await rollBackAtOnce(run, rolling);
  await takenBack(run, plan);
}

/** The release is good: stable adopts the new versions, the rest is applied, and the revision is the good one. */
async function commit(run: ApplicationRun, plan: RevisionPlan, decision: Decision): Promise<void> {
  const { revision } = plan;
  run.begin('sync', `the release is good: ${revision.slice(0, 12)} becomes the stable version`, revision);
  const all = run.member.gated;
  const outcomes = await passGates(run, 'ready', decision.treatments);
  const result = judgeEnds(all, outcomes);
  if (result.kind !== 'promoted') return failedMember(run, plan, result);
  while (!isTurned(run)) {
    if (await finish(run, plan, decision.rolling, optionsOf(run))) {
      await settleProposals(run, revision);
      return report(run, 'committed', `${revision.slice(0, 12)} is the stable version`);
    }
    if (run.member.refusal !== undefined) return cannot(run);
    const left = Math.max(1, (run.retry?.at ?? 0) - Date.now());
    report(run, 'ready', `the rest of it cannot be applied: ${problemOf(run)}; it is tried again`);
    await condition(() => isTurned(run), left, { summary: 'before the rest is applied again' });
  }
}

/** What Git goes back to is known from here on, and how the hooks of the sync are undone. */
function begin(run: ApplicationRun, { revision, pins, content }: RevisionPlan): void {
  const { release } = run.state;
  if (release === undefined) return;
  const at = { revision, ...(pins === undefined ? {} : { pins }) };
  const known = release.delivers?.revision === revision ? release.delivers : {};
  run.member.bringing = at;
  run.change({
    release: { ...release, delivers: { ...known, ...at } },
    ...(content === undefined ? {} : { applied: content }),
  });
  report(run, 'delivering', `brings ${revision.slice(0, 12)} out`);
}

/** A person must mend it: the member has failed. Something did not answer, or waits for a window: it is tried again. */
async function cannot(run: ApplicationRun): Promise<void> {
  const { refusal } = run.member;
  if (refusal !== undefined) {
    run.retry = undefined;
    const sentence = refusal.map(describeProblem).join('; ');
    return couldNot(run, { code: refusal[0]?.code ?? 'Invalid', sentence });
  }
  report(run, 'delivering', `${run.state.window?.why ?? problemOf(run)}; it is tried again`);
}

function problemOf({ state }: ApplicationRun): string {
  return state.problems.map(describeProblem).join('; ');
}

function optionsOf({ spec }: ApplicationRun): SyncOptions {
  return { prune: spec.automated?.prune === true, isAsked: false };
}
