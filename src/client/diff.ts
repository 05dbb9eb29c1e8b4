import { randomUUID } from 'node:crypto';
import type { ApplicationStatus } from '../domain/application-status';
import type { Treatment } from '../domain/decide-sync';
import type { ApplicationDiff } from '../domain/diff/application-diff';
import { settled } from '../domain/settled';
import { diffId, diffWorkflow, type DiffInput } from '../messages/diff';
import { applicationStatus } from './applications';
import { ClientError } from './client-error';
import { runOnce } from './run-once';
import type { Session } from './session';

/** A comparison asks the API server about every object; a worker that is busy may take a while. */
const answerWithinMs = 120_000;

/** Compares the cluster with a revision (a commit, branch or tag) of an application, by default its good one. Needs a live worker. */
export async function diffApplication(
  session: Session,
  name: string,
  revision?: string,
): Promise<ApplicationDiff> {
  const input = inputOf(await applicationStatus(session, name), revision);
  return runOnce<ApplicationDiff>(session, {
    application: name,
    workflow: diffWorkflow,
    workflowId: diffId(name, randomUUID()),
    input,
    summary: `compare ${name} with ${input.revision.slice(0, 40)}`,
    answerWithinMs,
    what: 'compared',
  });
}

function inputOf({ spec, state, rollouts }: ApplicationStatus, asked: string | undefined): DiffInput {
  const { cluster, good, synced, head } = state;
  const revision = asked ?? good?.revision ?? synced ?? head;
  if (cluster === undefined || revision === undefined) {
    const remedy = `\`belay why ${spec.name}\` says what it waits for`;
    throw new ClientError('Failed', `${spec.name} has not been compared with Git yet`, { remedy });
  }
  const pins = asked === undefined && good !== undefined ? (good.pins ?? state.pins) : state.pins;
  const rolling: Treatment = { kind: 'rolling', pace: 'steps' };
  const leased = rollouts.map((id) => [id.split('/').at(-1) ?? id, rolling] as const);
  const treatments = { ...settled(state), ...Object.fromEntries(leased) };
  return { cluster: cluster.id, spec, revision, treatments, ...(pins === undefined ? {} : { pins }) };
}
