import { setHandler } from '@temporalio/workflow';
import { takeWish } from '../domain/release/grant';
import { takeReport } from '../domain/release/report';
import * as steer from '../domain/release/steer';
import {
  restoreDelayedSignal,
  restoreEndedSignal,
  type Accepted,
  type Request,
} from '../messages/application';
import * as messages from '../messages/release';
import { takeDelay, takeEnd } from './release-git';
import type { ReleaseRun } from './release-run';

/** What people, members, rollouts and writers of Git may say to a release. Handlers only take note; validators say why not. */
export function listen(run: ReleaseRun): void {
  setHandler(messages.releaseStatusQuery, () => run.state);
  setHandler(messages.memberReportSignal, (report) => {
    const told = run.told.get(report.application);
    if (told !== undefined) run.told.set(report.application, { ...told, isAnswered: true });
    run.change(takeReport(run.state, report, Date.now()));
  });
  setHandler(messages.weightWantedSignal, (wish) => {
    run.granted.delete(wish.rollout);
    run.change(takeWish(run.state, wish));
  });
  setHandler(restoreEndedSignal, (ended) => takeEnd(run, ended));
  setHandler(restoreDelayedSignal, (delayed) => takeDelay(run, delayed));
  setHandler(messages.abortReleaseSignal, (request) =>
    run.change(steer.aborted(run.state, request, Date.now())),
  );
  const people = [
    {
      update: messages.pauseReleaseUpdate,
      ...{ may: steer.mayNotPause, does: steer.paused, message: 'no member begins and no weight moves' },
      description: 'Begin nothing and move no weight; traffic that goes back is not held up',
    },
    {
      update: messages.resumeReleaseUpdate,
      ...{ may: steer.mayNotResume, does: steer.resumed, message: 'it goes on' },
      description: 'Go on',
    },
    {
      update: messages.promoteReleaseUpdate,
      ...{ may: steer.mayNotPromote, does: steer.promoted, message: 'the bake ends now' },
      description: 'End the bake',
    },
    {
      update: messages.abortReleaseUpdate,
      ...{ may: steer.mayNotAbort, does: steer.aborted, message: 'all members go back, with Git' },
      description: 'Take all members back: traffic, objects, Git',
    },
  ];
  for (const { update, may, does, message, description } of people) {
    const handle = (request: Request): Accepted => {
      run.change(does(run.state, request, Date.now()));
      return { message };
    };
    setHandler(update, handle, { validator: (_request: Request) => refuse(may(run.state)), description });
  }
}

function refuse(why: ReturnType<typeof steer.mayNotPause>): void {
  if (why !== undefined) throw new Error(why);
}
