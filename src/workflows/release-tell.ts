import { getExternalWorkflowHandle, type SignalDefinition } from '@temporalio/workflow';
import { directiveOf } from '../domain/release/directive';
import { grantedTo } from '../domain/release/grant';
import { isThere, membersOf } from '../domain/release/progress';
import type { MemberState } from '../domain/release/state';
import { applicationId } from '../messages/application';
import { directiveSignal, weightGrantedSignal } from '../messages/release';
import type { ReleaseRun } from './release-run';

/** A member that has not answered is told again: its application may have been recovered meanwhile. */
const silentMs = 30_000;
/** One that has answered and is not there yet is told again now and then. */
const slowMs = 300_000;

/** Tells each member what is wanted of it now, where that is new or it has not answered; all in one go. */
export function tellMembers(run: ReleaseRun): void {
  for (const member of membersOf(run.state)) {
    const directive = directiveOf(run.state, member);
    if (directive === undefined) continue;
    const text = JSON.stringify(directive);
    const told = run.told.get(member.application);
    if (told?.text === text && !isDue(run, member)) continue;
    run.told.set(member.application, { text, at: Date.now(), isAnswered: false });
    send(run, applicationId(member.application), {
      signal: directiveSignal,
      payload: directive,
      missing: () => noteMissing(run, member.application),
    });
  }
}

function isDue(run: ReleaseRun, member: MemberState): boolean {
  const again = againAt(run, member);
  return again !== undefined && again <= Date.now();
}

/** When a member is told again; undefined: it is there, or was told nothing. */
function againAt(run: ReleaseRun, member: MemberState): number | undefined {
  const told = run.told.get(member.application);
  if (told === undefined || isThere(member)) return undefined;
  return told.at + (told.isAnswered ? slowMs : silentMs);
}

/** When the first member must be told again. */
export function nextTelling(run: ReleaseRun): number {
  return Math.min(...membersOf(run.state).map((member) => againAt(run, member) ?? Infinity));
}

function noteMissing(run: ReleaseRun, application: string): void {
  const member = run.state.members[application];
  if (member === undefined) return;
  const message = `does not answer: no application ${application} runs; it is told again`;
  run.change({ ...run.state, members: { ...run.state.members, [application]: { ...member, message } } });
}

/** In lockstep: tells rollouts which weight they may set. */
export function grantWeights(run: ReleaseRun): void {
  const { lockstep } = run.state;
  if (lockstep === undefined) return;
  const { granted, wanted } = lockstep;
  for (const rollout of grantedTo(run.state)) {
    const text = `${wanted[rollout]?.weight} ${granted}`;
    if (run.granted.get(rollout) === text) continue;
    run.granted.set(rollout, text);
    send(run, rollout, {
      signal: weightGrantedSignal,
      payload: { weight: granted },
      missing: () => run.granted.delete(rollout),
    });
  }
}

interface Message<T> {
  readonly signal: SignalDefinition<[T]>;
  readonly payload: T;
  readonly missing: () => void;
}

/** Nobody waits for it: `sending` says how many are on their way. A workflow that is not there is not an error. */
function send<T>(run: ReleaseRun, workflowId: string, { signal, payload, missing }: Message<T>): void {
  run.sending += 1;
  void getExternalWorkflowHandle(workflowId)
    .signal(signal, payload)
    .catch(missing)
    .finally(() => {
      run.sending -= 1;
    });
}
