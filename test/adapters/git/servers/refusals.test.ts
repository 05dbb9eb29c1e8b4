import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rejectPush } from '../../../support/git-http';
import type { BareRepo } from '../../../support/git-repo';
import { behaviours, type Scene } from './scene';

const run = promisify(execFile);
const behaves = behaviours('Refusals');

/** A hook of the server; what it prints reaches the client as `remote: …`. */
async function hook({ dir }: BareRepo, name: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(dir, 'hooks', name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
}

function refusing(...says: readonly string[]): (scene: Scene) => ReturnType<Scene['restore']> {
  return async ({ repo, restore }) => {
    await hook(repo, 'pre-receive', [...says.map((line) => `echo '${line}' >&2`), 'exit 1']);
    return restore();
  };
}

/** Forges that run no hooks of git answer in its protocol themselves. */
function answering(
  reason: string,
  ...says: readonly string[]
): (scene: Scene) => ReturnType<Scene['restore']> {
  return ({ http, restore }) => {
    http.interfere('pack', rejectPush(reason, says));
    return restore();
  };
}

behaves('pre-receive', refusing('no releases on Fridays'));

behaves('update hook', async ({ repo, restore }) => {
  await hook(repo, 'update', [`test "$1" != refs/heads/main || { echo 'main is frozen' >&2; exit 1; }`]);
  return restore();
});

behaves(
  'GH006',
  answering(
    'protected branch hook declined',
    'error: GH006: Protected branch update failed for refs/heads/main.',
    'error: Changes must be made through a pull request.',
  ),
);

behaves(
  'GH013',
  answering(
    'push declined due to repository rule violations',
    'error: GH013: Repository rule violations found for refs/heads/main.',
    'Review all repository rules at https://github.com/acme/shop/rules?ref=refs%2Fheads%2Fmain',
    '- Changes must be made through a pull request.',
  ),
);

behaves(
  'GitLab',
  refusing('GitLab: You are not allowed to push code to protected branches on this project.'),
);

behaves('Gitea', refusing('', 'Gitea: Not allowed to push to protected branch main'));

behaves(
  'Bitbucket',
  refusing(
    'Branch refs/heads/main can only be modified through pull requests.',
    'Check your branch permissions configuration with the project administrator.',
  ),
);

behaves(
  'Azure DevOps',
  answering(
    'TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.',
  ),
);

behaves(
  'GitHub signed',
  answering(
    'push declined due to repository rule violations',
    'error: GH013: Repository rule violations found for refs/heads/main.',
    '- Commits must have verified signatures.',
  ),
);

behaves('GitLab signed', refusing('GitLab: Commit must be signed with a GPG key'));

/** Refuses every commit whose signature `git verify-commit` does not know. */
async function signedOnly({ repo }: Scene): Promise<string> {
  const key = join(repo.dir, 'signing');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bot@example.com', '-f', key]);
  const allowed = join(repo.dir, 'allowed_signers');
  await writeFile(allowed, `bot@example.com ${await readFile(`${key}.pub`, 'utf8')}`);
  await repo.git('config', 'gpg.ssh.allowedSignersFile', allowed);
  await hook(repo, 'pre-receive', [
    'while read old new ref; do',
    '  git verify-commit "$new" 2>/dev/null || { echo "commits must be signed: $new" >&2; exit 1; }',
    'done',
  ]);
  return key;
}

behaves('signed only', async (scene) => {
  await signedOnly(scene);
  return scene.restore();
});

behaves('signed', async (scene) => {
  const signing = { format: 'ssh' as const, keyFile: await signedOnly(scene) };
  return scene.restore({ identity: { name: 'Bot', email: 'bot@example.com', signing } });
});
