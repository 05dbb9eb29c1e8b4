/** One behaviour of a server, and what a write-back does about it. */
export interface Behaviour {
  readonly server: string;
  /** What `outcomeOf` says of the result. */
  readonly outcome: string;
  /** What follows from it, for people. */
  readonly then?: string;
}

const once = 'one commit';
const goal = 'already done, nothing written';
const superseded = 'superseded, nothing written';
const byPullRequest = (why: string): string => `refused (${why}); a pull request if the policy allows one`;
const refused = (why: string): string => `refused (${why})`;
const again = (code: string): string => `${code}, tried again`;

/** Every behaviour that `npm run test:git` tries on a real server, by group; docs/git-servers.md shows it. */
export const table = {
  Credentials: {
    'right token': { server: 'the token may read and write', outcome: once },
    'two tokens': {
      server: 'one token may read, another one may write',
      outcome: once,
      then: 'reading never uses the one that may write',
    },
    'wrong token': {
      server: '401: the token is wrong',
      outcome: again('Unauthenticated'),
      then: 'a token that is mended counts from the next try on',
    },
    'expired token': {
      server: '401 to the push: the token expired after the fetch',
      outcome: again('Unauthenticated'),
    },
    'read-only token': { server: '403: the token may only read', outcome: refused('forbidden') },
    'repository missing': {
      server: '404: there is no such repository, or the token may not see it',
      outcome: again('NotFound'),
    },
    redirect: {
      server: '301 to another path of the same server',
      outcome: again('NotFound'),
      then: 'redirects are not followed with a credential; the answer names the remedy (GitLab: `.git` at the end)',
    },
    'redirect elsewhere': {
      server: '302 to another server',
      outcome: again('NotFound'),
      then: 'the token is not sent there',
    },
  },
  Refusals: {
    'pre-receive': { server: 'a `pre-receive` hook that refuses', outcome: byPullRequest('hook') },
    'update hook': { server: 'an `update` hook that refuses this branch', outcome: byPullRequest('hook') },
    GH006: { server: 'GitHub: `GH006: Protected branch update failed`', outcome: byPullRequest('protected') },
    GH013: {
      server: 'GitHub: `GH013: Repository rule violations found`',
      outcome: byPullRequest('protected'),
    },
    GitLab: {
      server: 'GitLab: `You are not allowed to push code to protected branches`',
      outcome: byPullRequest('protected'),
    },
    Gitea: {
      server: 'Gitea: `Not allowed to push to protected branch`',
      outcome: byPullRequest('protected'),
    },
    Bitbucket: {
      server: 'Bitbucket: `can only be modified through pull requests`',
      outcome: byPullRequest('protected'),
    },
    'Azure DevOps': {
      server: 'Azure DevOps: `TF402455: Pushes to this branch are not permitted`',
      outcome: byPullRequest('protected'),
    },
    'GitHub signed': {
      server: 'GitHub: `Commits must have verified signatures`',
      outcome: byPullRequest('unsigned'),
    },
    'GitLab signed': {
      server: 'GitLab: `Commit must be signed with a GPG key`',
      outcome: byPullRequest('unsigned'),
    },
    'signed only': {
      server: 'a hook that verifies signatures, and no signing key',
      outcome: byPullRequest('unsigned'),
    },
    signed: { server: 'a hook that verifies signatures, and a signing key that it knows', outcome: once },
  },
  Races: {
    'stale info': {
      server: '`stale info`: somebody pushed to another path after our fetch',
      outcome: once,
      then: 'on top of theirs',
    },
    'cannot lock ref': {
      server: '`cannot lock ref`: somebody pushed while our pack was under way',
      outcome: once,
      then: 'on top of theirs',
    },
    'non-fast-forward': { server: '`non-fast-forward`', outcome: once, then: 'made anew' },
    'fetch first': { server: '`fetch first`', outcome: once, then: 'made anew' },
    'old value': {
      server: '`incorrect old value provided` (servers that are not git)',
      outcome: once,
      then: 'made anew',
    },
    'two writers': { server: 'two writers of two applications at once', outcome: once, then: 'one for each' },
    'same path': {
      server: 'somebody pushed a fix to our path while our pack was under way',
      outcome: superseded,
      then: 'the fix stays, and is tried',
    },
    'force-push': {
      server: 'a force-push after our fetch that keeps what is bad',
      outcome: once,
      then: 'what was dropped stays dropped',
    },
    'force-push drops': {
      server: 'a force-push after our fetch that drops the bad commit',
      outcome: goal,
      then: 'what was dropped stays dropped',
    },
    'branch deleted': {
      server: 'the branch was deleted',
      outcome: refused('branch missing'),
      then: 'it is not made again',
    },
    'branch deleted late': {
      server: 'the branch was deleted after our fetch',
      outcome: refused('branch missing'),
      then: 'it is not made again',
    },
  },
  Failures: {
    'lost answer': {
      server: 'the pack was received, the connection broke before the answer',
      outcome: once,
      then: 'the repetition finds it',
    },
    'lost answer, then others': {
      server: 'the same, and others push before the repetition',
      outcome: once,
      then: 'the repetition finds it',
    },
    'broken before': {
      server: 'the connection breaks before the pack was received',
      outcome: once,
      then: 'by the repetition',
    },
    hangs: {
      server: 'no answer at all',
      outcome: again('Unreachable'),
      then: 'given up after `timeouts.network`',
    },
    '429': {
      server: '429 with `Retry-After`',
      outcome: 'Throttled, tried again after 30 s',
      then: 'git does not tell what the header says',
    },
    '503': { server: '503 with `Retry-After`', outcome: again('Unreachable') },
    'disk full': { server: '`No space left on device` at the server', outcome: again('Unreachable') },
  },
  'Pull requests': {
    merged: {
      server: 'the forge merged ours with a merge commit',
      outcome: once,
      then: 'ours, found by its trailer',
    },
    squashed: { server: 'the forge squashed ours, with a message of its own', outcome: goal },
    rebased: {
      server: 'the forge rebased ours: another id, the same message',
      outcome: once,
      then: 'ours, found by its trailer',
    },
    open: {
      server: 'the branch of ours is there from an earlier attempt',
      outcome: 'one commit, on the branch for the pull request',
    },
  },
  SSH: {
    'right key': { server: 'the key may read and write, on a port other than 22', outcome: once },
    'wrong key': { server: 'the server does not know the key', outcome: again('Unauthenticated') },
    'unknown host': {
      server: 'the key of the host is not among the known hosts',
      outcome: again('Unauthenticated'),
      then: 'never trusted at first sight',
    },
    'read-only key': { server: 'a deploy key that may only read', outcome: refused('forbidden') },
    'no repository': { server: 'no repository at that path', outcome: again('NotFound') },
  },
  Together: {
    'many rollbacks': {
      server: '60 rollbacks by 6 applications, a second writer, a worker that is killed',
      outcome: '60 revert commits',
      then: 'none lost, none doubled, no other file changed',
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Behaviour>>>>;

/** The table in Markdown, as docs/git-servers.md has it. */
export function markdown(): string {
  const lines = Object.entries(table).flatMap(
    ([group, rows]: [string, Readonly<Record<string, Behaviour>>]) => [
      `| **${group}** | | |`,
      ...Object.values(rows).map(({ server, outcome, then = '' }) => `| ${server} | ${outcome} | ${then} |`),
    ],
  );
  return ['| the server | the write-back | and then |', '| --- | --- | --- |', ...lines].join('\n');
}
