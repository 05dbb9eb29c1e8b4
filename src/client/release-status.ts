import type { ReleasesState } from '../domain/release/releases-state';
import type { ReleaseState } from '../domain/release/state';
import {
  releaseId,
  releasesId,
  releasesQuery,
  releaseStatusQuery,
  releasesWorkflow,
} from '../messages/release';
import { ClientError } from './client-error';
import { inParallel } from './in-parallel';
import { parseReleaseTarget, releasesSubject, releaseSubject } from './release-target';
import { call, query, type Session } from './session';

/** What is known of a release's name, with the release under way or else the last one. */
export interface ReleaseStatus {
  readonly name: string;
  /** Absent where one release of the history was asked for (`shop/7`). */
  readonly releases?: ReleasesState;
  /** Absent: there was none yet, or Temporal has forgotten it. */
  readonly release?: ReleaseState;
}

/** One row of the list: without `releases` it did not answer, and `problem` says why. */
export interface ListedRelease extends ReleaseStatus {
  readonly problem?: string;
}

const questionsAtOnce = 16;

/** Asks a release (`shop`, or `shop/7` of the history) how it stands; needs a live worker. */
export async function releaseStatus(session: Session, target: string): Promise<ReleaseStatus> {
  const { name, number } = parseReleaseTarget(target);
  if (number !== undefined) {
    const release = await query(session, releaseSubject(name, number), releaseStatusQuery);
    return { name, release };
  }
  const releases = await query(session, releasesSubject(name), releasesQuery);
  const release = await newest(session, name, releases);
  return { name, releases, ...(release === undefined ? {} : { release }) };
}

async function newest(
  session: Session,
  name: string,
  { running, number }: ReleasesState,
): Promise<ReleaseState | undefined> {
  const id = running?.id ?? (number > 0 ? releaseId(name, number) : undefined);
  if (id === undefined) return undefined;
  const subject = { ...releaseSubject(name, number), workflowId: id };
  try {
    return await query(session, subject, releaseStatusQuery);
  } catch (error: unknown) {
    if (error instanceof ClientError && error.code === 'ReleaseNotFound') return undefined;
    throw error;
  }
}

/** All releases by name; those that do not answer are listed all the same. */
export async function listReleases(session: Session): Promise<readonly ListedRelease[]> {
  const names = await listNames(session);
  const giveUpAt = Date.now() + session.answerWithinMs;
  let answered = false;
  return inParallel(names, questionsAtOnce, async (name): Promise<ListedRelease> => {
    if (!answered && Date.now() >= giveUpAt) return { name, problem: 'not asked: no worker answers' };
    try {
      const status = await releaseStatus(session, name);
      answered = true;
      return status;
    } catch (error: unknown) {
      return { name, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

function listNames(session: Session): Promise<readonly string[]> {
  const query = `WorkflowType='${releasesWorkflow}' AND ExecutionStatus='Running'`;
  return call(session, releasesSubject('*'), async () => {
    const names = new Set<string>();
    for await (const { workflowId } of session.temporal.workflow.list({ query, pageSize: 1_000 }))
      names.add(workflowId.slice(releasesId('').length));
    return [...names].sort();
  });
}
