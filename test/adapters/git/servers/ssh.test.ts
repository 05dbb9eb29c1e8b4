import { credentialsFrom } from '../../../../src/adapters/git';
import type { RestoreResult } from '../../../../src/ports/git';
import { startSsh, whyNoSsh, type SshServer } from '../../../support/git-ssh';
import { behaviours, type Scene } from './scene';

const reason = whyNoSsh();
if (reason !== undefined) console.warn(`SSH tests are skipped: ${reason}`);
const behaves = behaviours('SSH', reason === undefined ? test : test.skip);

let ssh: SshServer;
beforeAll(async () => {
  if (reason === undefined) ssh = await startSsh();
});
afterAll(() => ssh?.close());

interface Keys {
  readonly sshKeyFile?: string;
  readonly knownHostsFile?: string;
  readonly path?: string;
}

async function restoreOver(
  { repo, writer, request }: Scene,
  { sshKeyFile = ssh.keyFile, knownHostsFile = ssh.knownHostsFile, path = repo.dir }: Keys = {},
): Promise<RestoreResult> {
  const access = credentialsFrom([{ sshKeyFile, knownHostsFile }]);
  const git = await writer({ credentials: { read: access, write: access } });
  return git.writer.restorePath(request({ repoUrl: ssh.url(path) }));
}

behaves('right key', (scene) => restoreOver(scene));
behaves('wrong key', (scene) => restoreOver(scene, { sshKeyFile: ssh.strangerKeyFile }));
behaves('unknown host', (scene) => restoreOver(scene, { knownHostsFile: '/dev/null' }));
behaves('read-only key', (scene) => restoreOver(scene, { sshKeyFile: ssh.readOnlyKeyFile }));
behaves('no repository', (scene) => restoreOver(scene, { path: '/no/such/repository' }));
