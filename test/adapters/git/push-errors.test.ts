import { classify, type GitComplaint } from '../../../src/adapters/git/push-errors';

const table: readonly (readonly [GitComplaint, string])[] = [
  ['race', ' ! [rejected]        main -> main (non-fast-forward)\nerror: failed to push some refs to x'],
  ['race', ' ! [rejected]        main -> main (fetch first)'],
  ['race', ' ! [rejected]        1234abc -> main (stale info)'],
  ['race', "! [remote rejected] HEAD -> x (cannot lock ref 'refs/heads/x': is at aaa but expected bbb)"],
  ['race', ' ! [remote rejected] HEAD -> main (incorrect old value provided)'],
  ['race', ' ! [remote rejected] a -> main (failed to update ref)'],
  ['race', ' ! [remote rejected] a -> main (failed to lock)'],
  [
    'race',
    'remote: error: cannot lock ref\n ! [remote rejected] a -> main (cannot lock ref refs/heads/main)',
  ],
  [
    'protected',
    'remote: error: GH006: Protected branch update failed for refs/heads/main.\n ! [remote rejected] a -> main (protected branch hook declined)',
  ],
  [
    'protected',
    'remote: error: GH013: Repository rule violations found for refs/heads/main.\n ! [remote rejected] a -> main (push declined due to repository rule violations)',
  ],
  [
    'protected',
    'remote: GitLab: You are not allowed to push code to protected branches on this project.\n ! [remote rejected] a -> main (pre-receive hook declined)',
  ],
  [
    'protected',
    'remote: Gitea: Not allowed to push to protected branch main\n ! [remote rejected] a -> main (pre-receive hook declined)',
  ],
  ['protected', 'remote: Forgejo: Not allowed to push to protected branch main'],
  [
    'protected',
    'remote: TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.',
  ],
  ['protected', 'remote: Branch refs/heads/main can only be modified through pull requests.'],
  [
    'unsigned',
    'remote: error: GH006: Protected branch update failed\nremote: error: Commits must have verified signatures.',
  ],
  ['unsigned', 'remote: GitLab: Commit must be signed with a GPG key'],
  [
    'unsigned',
    'remote: Gitea: branch main is protected from unverified commit 1f2e3d\n ! [remote rejected] a -> main (pre-receive hook declined)',
  ],
  [
    'protected',
    'remote: Gitea: branch main is protected from changing file web/a.yaml\n ! [remote rejected] a -> main (pre-receive hook declined)',
  ],
  ['hook', 'remote: not on Fridays\n ! [remote rejected] a -> main (pre-receive hook declined)'],
  ['hook', ' ! [remote rejected] a -> main (hook declined)'],
  [
    'unauthenticated',
    "remote: HTTP Basic: Access denied. The provided password or token is incorrect\nfatal: Authentication failed for 'https://x/'",
  ],
  ['unauthenticated', "fatal: could not read Username for 'https://github.com': terminal prompts disabled"],
  [
    'unauthenticated',
    'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.',
  ],
  ['unauthenticated', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
  [
    'unauthenticated',
    'remote: Invalid username or token. Password authentication is not supported for Git operations.',
  ],
  [
    'forbidden',
    "remote: Permission to a/b.git denied to bot.\nfatal: unable to access 'https://github.com/a/b/': The requested URL returned error: 403",
  ],
  ['forbidden', 'remote: You are not allowed to upload code to this project.'],
  [
    'forbidden',
    'ERROR: The key you are authenticating with has been marked as read only. deploy key needs write access',
  ],
  ['redirected', "fatal: unable to access 'https://x/': The requested URL returned error: 301"],
  [
    'forbidden',
    'ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.',
  ],
  ['throttled', "fatal: unable to access 'https://x/': The requested URL returned error: 429"],
  [
    'repository missing',
    'remote: Repository not found.\nfatal: repository https://github.com/a/b/ not found',
  ],
  [
    'repository missing',
    "remote: The project you were looking for could not be found or you don't have permission to view it.",
  ],
  [
    'repository missing',
    "fatal: '/srv/x' does not appear to be a git repository\nfatal: Could not read from remote repository.",
  ],
  ['branch missing', "fatal: couldn't find remote ref refs/heads/gone"],
  ['object missing', 'fatal: remote error: upload-pack: not our ref 0123'],
  ['object withheld', 'error: Server does not allow request for unadvertised object 0123'],
  [
    'locked',
    "error: cannot lock ref 'refs/mirror/tip/1': Unable to create '/m/refs/mirror/tip/1.lock': File exists.",
  ],
  ['locked', "fatal: Unable to create '/m/packed-refs.lock': File exists."],
  ['disk full', 'fatal: write error: No space left on device'],
  ['disk full', 'error: unable to create file: Disk quota exceeded'],
  [
    'remote disk full',
    'remote: fatal: write error: No space left on device\n ! [remote rejected] a -> main (unpacker error)',
  ],
  ['unreachable', "fatal: unable to access 'https://x/': Could not resolve host: x"],
  [
    'unreachable',
    'ssh: connect to host x port 22: Connection refused\nfatal: Could not read from remote repository.',
  ],
  ['unreachable', 'error: RPC failed; curl 18\nfatal: early EOF'],
  ['unreachable', "fatal: unable to access 'https://x/': The requested URL returned error: 502"],
  ['unreachable', 'fatal: the remote end hung up unexpectedly'],
  ['unreachable', "fatal: unable to access 'https://x/': SSL certificate problem: self-signed certificate"],
  ['other', "error: failed to push some refs to 'https://x/'"],
  ['other', ' ! [remote rejected] a -> main (deny updating a hidden ref)'],
  ['other', ''],
];

test.each(table)('%s: %s', (complaint, text) => {
  expect(classify(text)).toBe(complaint);
});
