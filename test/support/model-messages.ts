import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import * as toApplication from '../../src/messages/application';
import * as toRollout from '../../src/messages/rollout';
import type { ModelRun } from './model-run';

const ada = { requestedBy: 'ada' };
const answersWithinMs = 20_000;

type Message = (run: ModelRun) => Promise<void>;

/** Everything that a person, Git, the cluster or Temporal's UI may say to the workflows of a story. */
export const messages = {
  pause: toTheRollout(toRollout.pauseUpdate),
  resume: toTheRollout(toRollout.resumeUpdate),
  promote: toTheRollout(toRollout.promoteUpdate),
  promoteFull: toTheRollout(toRollout.promoteFullUpdate),
  abort: toTheRollout(toRollout.abortUpdate),
  pauseSignal: ({ rollout }) => orNobody(rollout.signal(toRollout.pauseSignal, ada)),
  abortSignal: ({ rollout }) => orNobody(rollout.signal(toRollout.abortSignal, ada)),
  cancelRollout: ({ rollout }) => orNobody(rollout.cancel()),
  cancelApplication: ({ handle }) => orNobody(handle.cancel()),
  sync: (run) => update(run, run.handle, toApplication.syncUpdate, ada),
  retry: (run) => {
    run.world.cluster.isRetryAsked = true;
    return update(run, run.handle, toApplication.retryUpdate, ada);
  },
  undo: (run) => update(run, run.handle, toApplication.undoUpdate, ada),
  configure: (run) => update(run, run.handle, toApplication.configureUpdate, run.world.spec),
  delete: (run) => update(run, run.handle, toApplication.deleteUpdate, { ...ada, cascade: true }),
  gitChanged: async ({ world }) => void world.git.push('v4', { versions: { web: 'web-4' } }),
  drift: async ({ world, handle }) => {
    world.cluster.drift.add('Deployment shop/web');
    await orNobody(handle.signal(toApplication.clusterChangedSignal, { objects: ['Deployment shop/web'] }));
  },
} satisfies Readonly<Record<string, Message>>;

export type MessageName = keyof typeof messages;

function toTheRollout(
  definition: UpdateDefinition<toApplication.Accepted, [toApplication.Request]>,
): Message {
  return (run) => update(run, run.rollout, definition, ada);
}

/** A refusal is an answer, and so is that nobody is there; no answer at all is none. */
async function update<T>(
  { world }: ModelRun,
  handle: ModelRun['handle'] | ModelRun['rollout'],
  definition: UpdateDefinition<toApplication.Accepted, [T]>,
  request: T,
): Promise<void> {
  const answered = handle
    .executeUpdate(definition, { args: [request] as never })
    .then(() => 'answered')
    .catch((error: unknown) => {
      if (error instanceof WorkflowUpdateFailedError) return 'refused';
      // It may have ended before it could answer.
      if (error instanceof WorkflowNotFoundError || /complet|not found/i.test(String(error))) return 'gone';
      throw error;
    });
  const limit = new Promise<string>((resolve) => {
    setTimeout(() => resolve('silent'), answersWithinMs).unref();
  });
  const result = await Promise.race([answered, limit]);
  if (result === 'silent') world.violate(`the update ${definition.name} was never answered`);
}

async function orNobody(sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error: unknown) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
