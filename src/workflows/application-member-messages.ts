import { setHandler } from '@temporalio/workflow';
import type { Directive } from '../domain/release/state';
import * as messages from '../messages/release';
import { putOffLook } from './application-member-look';
import { relayPause } from './application-member-pause';
import { answer, send } from './application-member-report';
import { memberWork } from './application-member';
import type { ApplicationRun } from './application-run';

/** What releases and rollouts say to a member. Handlers only note it; what was heard before is answered at once. */
export function listenAsMember(run: ApplicationRun): void {
  setHandler(messages.directiveSignal, (directive) => hear(run, directive));
  setHandler(messages.rolloutGateSignal, (gate) => void run.member.gates.set(gate.rolloutId, gate));
  setHandler(messages.joinReleaseSignal, ({ release }) => run.change({ memberOf: release }));
  setHandler(messages.leaveReleaseSignal, ({ release }) => {
    if (run.state.memberOf === release) run.drop('memberOf');
  });
}

/** Of a release that it is not in only `deliver` counts while it is in another one. */
function hear(run: ApplicationRun, directive: Directive): void {
  const { release } = run.state;
  const isSame = release?.directive.release === directive.release;
  if (release === undefined && directive.want === 'free') return farewell(run, directive);
  if (release !== undefined && !isSame && directive.want !== 'deliver') return;
  putOffLook(run);
  if (directive.want === 'deliver') run.retry = undefined;
  if (!isSame) return begin(run, directive);
  const before = release.directive;
  run.change({ release: { ...release, directive } });
  if (before.isPaused !== directive.isPaused) relayPause(run);
  const isAnswered = run.member.delivering === undefined && memberWork(run) === undefined;
  if (before.want === directive.want || isAnswered) answer(run);
}

function begin(run: ApplicationRun, directive: Directive): void {
  const { good } = run.state;
  const report = {
    application: run.spec.name,
    stage: 'waiting',
    message: `told by ${directive.release}`,
    since: Date.now(),
  } as const;
  run.member.lost = undefined;
  run.change({ release: { directive, report, ...(good === undefined ? {} : { base: good }) } });
}

/** It has forgotten the release already. */
function farewell({ spec }: ApplicationRun, { release }: Directive): void {
  const message = 'it is free already';
  send(release, { application: spec.name, stage: 'settled', message, since: Date.now() });
}
