import type { Problem } from '../domain/problem';
import type { ProposalWanted } from '../domain/write-back/proposal';
import type { RestoreEnd } from '../messages/application';
import type { QueuedRestoreMessage } from '../messages/repository';
import type { RefusalReason, RestoreRequest, RestoreResult } from '../ports/git';
import { attempt, cannotReach, type FailedActivity } from './application-attempt';
import { gitTrying } from './proxies';

/** Something does not answer, or a credential is not taken: it may be mended meanwhile. */
interface Later {
  readonly kind: 'later';
  readonly problem: Problem;
}

export type RestoreAttempt = RestoreEnd | Later;

/** These leave the way of a pull request. */
const proposable: readonly RefusalReason[] = ['protected', 'hook', 'unsigned'];

/** Pushes the restore, or opens a pull request for it where that is the policy. */
export async function restore({ request, proposal }: QueuedRestoreMessage): Promise<RestoreAttempt> {
  if (proposal?.when === 'always') return propose(request, proposal);
  const pushed = await write(request, request.subject);
  switch (pushed.kind) {
    case 'mixed': {
      const why = `other commits would go back too: ${pushed.others.map((each) => each.slice(0, 12)).join(', ')}`;
      if (proposal !== undefined) return propose(request, proposal, why);
      return { kind: 'refused', problem: { code: 'Conflict', message: why } };
    }
    case 'refused': {
      const { why, problem } = pushed;
      if (proposal?.when === 'if-refused' && proposable.includes(why))
        return propose(request, proposal, problem.message);
      return { kind: 'refused', problem };
    }
    default:
      return pushed;
  }
}

/** The commit goes to a branch of its own, and a pull request asks to merge it; both are found again when the answer was lost. */
async function propose(
  { others: _others, ...request }: RestoreRequest,
  proposal: ProposalWanted,
  why?: string,
): Promise<RestoreAttempt> {
  const { when: _when, head, ...ask } = proposal;
  const written = await write({ ...request, onto: `refs/heads/${head}` }, `on ${head}: ${request.subject}`);
  switch (written.kind) {
    case 'pushed':
      break;
    case 'refused':
      return { kind: 'refused', problem: written.problem };
    case 'mixed': // nothing was forbidden
      return { kind: 'refused', problem: { code: 'Conflict', message: 'other commits would go back too' } };
    default:
      return written;
  }
  const { repoUrl, branch } = request;
  const base = branch.replace(/^refs\/heads\//, '');
  const opened = await attempt(() =>
    gitTrying.openPullRequest.executeWithOptions({ summary: `${head} into ${base}` }, [
      { ...ask, repoUrl, head, base },
    ]),
  );
  if (!opened.ok) return failed(opened.error);
  if (opened.value.kind === 'unknown') {
    const before = why === undefined ? '' : `${why}; `;
    const message = `${before}no forge is known for ${opened.value.host}, so the pull request for ${head} cannot be opened`;
    const remedy = `open it yourself, or name the forge under forges in the worker's file of credentials`;
    return { kind: 'refused', problem: { code: 'InvalidSpec', message, remedy } };
  }
  return {
    kind: 'proposed',
    revision: written.revision,
    head,
    pullRequest: opened.value,
    ...(why === undefined ? {} : { why }),
  };
}

async function write(request: RestoreRequest, summary: string): Promise<RestoreResult | Later> {
  const done = await attempt(() => gitTrying.restorePath.executeWithOptions({ summary }, [request]));
  if (done.ok) return done.value;
  const { kind, problem } = failed(done.error);
  return kind === 'later' ? { kind, problem } : { kind, problem, why: 'other' };
}

interface Failed {
  readonly kind: 'later' | 'refused';
  readonly problem: Problem;
}

/** What a person must mend in Git or in the request is refused; the rest is tried again. */
function failed(error: FailedActivity): Failed {
  return { kind: error.final === true ? 'refused' : 'later', problem: cannotReach(error) };
}
