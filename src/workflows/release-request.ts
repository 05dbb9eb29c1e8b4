import { shortHash } from '../domain/fit-name';
import type { ReleaseWrite } from '../domain/release/revert';
import type { ProposalWanted } from '../domain/write-back/proposal';
import type { QueuedRestore } from '../ports/orchestrator';

/** What a commit for several members says, and who gets the answer. */
interface Asking {
  /** Id of the release that it is about. */
  readonly release: string;
  /** The idempotency key. */
  readonly requestId: string;
  /** Workflow id. */
  readonly replyTo: string;
  readonly text: { readonly subject: string; readonly body: string };
  /** `Belay-Reason`: one word. */
  readonly reason: string;
}

/** The request for the one commit that takes all members of a branch from `bad` to `good`. */
export function askedOf(
  write: Pick<ReleaseWrite, 'repoUrl' | 'branch' | 'members' | 'parts' | 'proposal'>,
  asking: Asking,
): QueuedRestore {
  const { repoUrl, branch, members, parts, proposal } = write;
  const { release, requestId, replyTo, text, reason } = asking;
  const [first, ...also] = parts.map(({ paths, good, bad }) => ({
    paths,
    goodRevision: good,
    badRevision: bad,
  }));
  if (first === undefined) throw new Error(`nothing of ${branch} goes back`);
  const all = (which: 'good' | 'bad'): string => [...new Set(parts.map((part) => part[which]))].join(', ');
  return {
    requestId,
    replyTo,
    request: {
      ...{ repoUrl, branch, ...first, ...(also.length === 0 ? {} : { also }), ...text },
      ...(proposal?.when === 'if-others' ? { others: 'refuse' as const } : {}),
      trailers: {
        'Belay-Release': release,
        'Belay-Application': members.join(', '),
        'Belay-Run': requestId,
        'Belay-Bad-Revision': all('bad'),
        'Belay-Good-Revision': all('good'),
        'Belay-Reason': reason,
      },
    },
    ...(proposal === undefined ? {} : { proposal: wantedOf(proposal, asking) }),
  };
}

/** Its branch is named by the request, so that every attempt finds the same one. */
function wantedOf(
  proposal: NonNullable<ReleaseWrite['proposal']>,
  { release, requestId, text }: Asking,
): ProposalWanted {
  const head = `belay/revert/${release.replaceAll('/', '-')}-${shortHash(requestId)}`;
  return { ...proposal, head, title: text.subject, body: text.body };
}
