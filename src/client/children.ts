import { randomUUID } from 'node:crypto';
import type { ApplicationSpec } from '../domain/application-spec';
import { childrenId, childrenWorkflow, type ChildrenResult } from '../messages/children';
import { runOnce } from './run-once';
import type { Session } from './session';

const answerWithinMs = 120_000;

/** The Applications that a parent's path holds; the parent itself need not be one of Belay's. Needs a live worker. */
export function childrenOf(session: Session, spec: ApplicationSpec): Promise<ChildrenResult> {
  return runOnce<ChildrenResult>(session, {
    application: spec.name,
    workflow: childrenWorkflow,
    workflowId: childrenId(spec.name, randomUUID()),
    input: { spec },
    summary: `the applications of ${spec.name}`,
    answerWithinMs,
    what: 'read',
  });
}
