import { randomUUID } from 'node:crypto';
import type { WriteBackPolicy } from '../domain/application-spec';
import { planUndo } from '../domain/write-back/plan-undo';
import type { UndoTarget } from '../domain/write-back/undo-target';
import { previewId, previewWorkflow, type PreviewedRestore, type PreviewInput } from '../messages/preview';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { runOnce } from './run-once';
import type { Session } from './session';

/** What an undo would do. */
export interface UndoPreview {
  readonly target: UndoTarget;
  /** Whether it is pushed, or asked for by a pull request. */
  readonly writeBack: WriteBackPolicy;
  /** One for each repository and branch. */
  readonly restores: readonly PreviewedRestore[];
}

/** The Git activities fetch old contents, to count lines. */
const answerWithinMs = 240_000;

/** What an undo would write to Git; nothing is changed. Needs a live worker with access to the repositories. */
export async function previewUndo(session: Session, name: string, toRevision?: string): Promise<UndoPreview> {
  const { spec, state, rollouts } = await applicationStatus(session, name);
  if (rollouts.length > 0) {
    const remedy = `\`belay abort ${name}\` goes back at once`;
    throw new ClientError('Rejected', 'a rollout is in progress; use abort', { remedy });
  }
  const plan = planUndo(spec, state, toRevision);
  if (plan.kind === 'refused')
    throw new ClientError('Rejected', plan.why, {
      remedy: `\`belay app history ${name}\` shows its revisions`,
    });
  const { target, restores } = plan;
  const input: PreviewInput = { restores };
  const previewed = await runOnce<readonly PreviewedRestore[]>(session, {
    application: name,
    workflow: previewWorkflow,
    workflowId: previewId(name, randomUUID()),
    input,
    summary: `what an undo of ${name} to ${target.revision.slice(0, 12)} would change`,
    answerWithinMs,
    what: 'previewed',
  });
  return { target, writeBack: spec.writeBack, restores: previewed };
}
