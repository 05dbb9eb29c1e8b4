import { redact } from '../../domain/redact';
import { PortError, type PortErrorCode } from '../../ports/port-error';
import { classify, type GitComplaint } from './push-errors';
import { displayUrl } from './remote-url';
import { GitFailure } from './run-git';

interface Meaning {
  readonly code: PortErrorCode;
  readonly retry: 'never' | 'later' | 'after';
  readonly what: string;
  readonly remedy: string;
  readonly afterMs?: number;
}

const meanings: Readonly<Record<GitComplaint | 'timeout', Meaning>> = {
  race: { code: 'Conflict', retry: 'later', what: 'the branch moved meanwhile', remedy: 'try again' },
  protected: {
    code: 'Forbidden',
    retry: 'never',
    what: 'the branch is protected',
    remedy: 'let the identity of Belay bypass the protection, or use pull requests',
  },
  unsigned: {
    code: 'Forbidden',
    retry: 'never',
    what: 'the server wants signed commits',
    remedy: 'give Belay a signing key that the server knows',
  },
  hook: {
    code: 'Forbidden',
    retry: 'never',
    what: 'a hook of the server refused',
    remedy: 'let the hook accept commits of Belay, or use pull requests',
  },
  throttled: {
    code: 'Throttled',
    retry: 'after',
    afterMs: 30_000,
    what: 'the server asks for fewer requests',
    remedy: 'try later',
  },
  redirected: {
    code: 'NotFound',
    retry: 'later',
    what: 'the server redirects to another URL, and a credential is not sent after it',
    remedy: 'write in repoURL where the repository is now (GitLab: with .git at the end)',
  },
  unauthenticated: {
    code: 'Unauthenticated',
    retry: 'later',
    what: 'the credential was not accepted',
    remedy: 'check the token, SSH key and known hosts of the worker',
  },
  forbidden: {
    code: 'Forbidden',
    retry: 'later',
    what: 'the credential does not permit this',
    remedy: 'grant it the missing permission',
  },
  'repository missing': {
    code: 'NotFound',
    retry: 'later',
    what: 'there is no such repository, or the credential may not see it',
    remedy: 'check repoURL and the credential',
  },
  'branch missing': {
    code: 'RevisionNotFound',
    retry: 'never',
    what: 'the branch does not exist',
    remedy: 'check targetRevision',
  },
  'object missing': {
    code: 'RevisionNotFound',
    retry: 'never',
    what: 'the repository no longer has that commit',
    remedy: 'choose a revision that a branch or tag still holds',
  },
  'object withheld': {
    code: 'RevisionNotFound',
    retry: 'never',
    what: 'the server hands out no commit that is not at the head of a branch or tag',
    remedy: 'choose one that is',
  },
  unreachable: {
    code: 'Unreachable',
    retry: 'later',
    what: 'the server did not answer properly',
    remedy: 'check the network between worker and server',
  },
  'remote disk full': {
    code: 'Unreachable',
    retry: 'later',
    what: 'the disk or quota of the server is full',
    remedy: 'free space on the Git server',
  },
  'disk full': {
    code: 'Limit',
    retry: 'later',
    what: "no space left on the worker's disk for mirrors",
    remedy: 'free space or enlarge the volume of the Git mirrors',
  },
  locked: {
    code: 'Unreachable',
    retry: 'later',
    what: 'another process holds a lock of the mirror',
    remedy: 'try again',
  },
  timeout: {
    code: 'Unreachable',
    retry: 'later',
    what: 'git took too long',
    remedy: 'check the network between worker and server',
  },
  other: { code: 'Unreachable', retry: 'later', what: 'git failed', remedy: 'see what git said' },
};

/** What git complained about; undefined when `error` is not a git failure. */
export function complaintOf(error: unknown): GitComplaint | 'timeout' | undefined {
  if (!(error instanceof GitFailure)) return undefined;
  return error.reason === 'timeout' ? 'timeout' : classify(error.text);
}

/** Turns a git failure into a PortError that says what was tried, on which repository, and what to do; passes on anything else. */
export function toPortError(error: unknown, tried: string, repoUrl: string): unknown {
  const complaint = complaintOf(error);
  if (complaint === undefined || !(error instanceof GitFailure)) return error;
  const { code, retry, what, remedy, afterMs } = meanings[complaint];
  const repository = displayUrl(repoUrl);
  return new PortError(`cannot ${tried} ${repository}: ${what}; ${remedy} (git: ${gist(error.text)})`, {
    code,
    retry,
    ...(afterMs === undefined ? {} : { afterMs }),
    facts: { repository, complaint },
    cause: error,
  });
}

/** The remedy for a complaint, for results that are no errors. */
export function meaningOf(complaint: GitComplaint): Pick<Meaning, 'what' | 'remedy'> {
  return meanings[complaint];
}

/** The lines of git that matter, on one line. */
export function gist(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const telling = lines.filter(
    (line) => /^(fatal|error|remote|!|ssh|.*denied|.*failed)/i.test(line) && !/^hint:/i.test(line),
  );
  const said = (telling.length > 0 ? telling : lines)
    .filter((line) => !/^remote:\s*$/.test(line))
    .join(' | ');
  return redact(said.length > 500 ? `${said.slice(0, 500)}…` : said);
}
