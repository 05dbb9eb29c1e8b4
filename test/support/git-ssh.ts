import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort } from '../../tools/local/ports';

const run = promisify(execFile);

/** An OpenSSH server of our own. */
export interface SshServer {
  /** The URL of an absolute path on this machine. */
  url(path: string): string;
  readonly keyFile: string;
  /** A key that may only read, as a deploy key: a forced command looks at what it wants. */
  readonly readOnlyKeyFile: string;
  /** A key that the server does not know. */
  readonly strangerKeyFile: string;
  readonly knownHostsFile: string;
  close(): Promise<void>;
}

/** Why there can be no SSH server here; undefined when there can. */
export function whyNoSsh(): string | undefined {
  if (sshd() === undefined) return 'sshd is not installed';
  if (process.getuid?.() === 0 && !existsSync('/run/sshd'))
    return 'sshd run by root wants the directory /run/sshd';
  return undefined;
}

/** Starts sshd on a free port of the loopback address. */
export async function startSsh(): Promise<SshServer> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-sshd-'));
  const port = await findFreePort();
  const [hostKey, keyFile, readOnlyKeyFile, strangerKeyFile] = await Promise.all([
    newKey(dir, 'host'),
    newKey(dir, 'user'),
    newKey(dir, 'read-only'),
    newKey(dir, 'stranger'),
  ]);
  await authorise(dir, { keyFile, readOnlyKeyFile });
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'AcceptEnv GIT_PROTOCOL',
    'PidFile none',
  ];
  await writeFile(join(dir, 'config'), `${config.join('\n')}\n`);
  const [type, key] = (await readFile(join(dir, 'host.pub'), 'utf8')).split(' ');
  const knownHostsFile = join(dir, 'known_hosts');
  await writeFile(knownHostsFile, `[127.0.0.1]:${port} ${type} ${key}\n`);
  const child = spawn(sshd() ?? 'sshd', ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'ignore' });
  await answering(port);
  return {
    url: (path) => `ssh://${userInfo().username}@127.0.0.1:${port}${path}`,
    keyFile,
    readOnlyKeyFile,
    strangerKeyFile,
    knownHostsFile,
    close: async () => {
      child.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function newKey(dir: string, name: string): Promise<string> {
  const file = join(dir, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}

/** The words are GitHub's. */
const readOnlyScript = `#!/bin/sh
case "$SSH_ORIGINAL_COMMAND" in
  git-upload-pack*) eval "$SSH_ORIGINAL_COMMAND" ;;
  *) echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2; exit 1 ;;
esac
`;

async function authorise(
  dir: string,
  { keyFile, readOnlyKeyFile }: Pick<SshServer, 'keyFile' | 'readOnlyKeyFile'>,
): Promise<void> {
  const script = join(dir, 'read-only.sh');
  await writeFile(script, readOnlyScript, { mode: 0o755 });
  const [full = '', limited = ''] = await Promise.all(
    [keyFile, readOnlyKeyFile].map((file) => readFile(`${file}.pub`, 'utf8')),
  );
  await writeFile(join(dir, 'authorized_keys'), `${full}command="${script}",restrict ${limited}`);
}

function sshd(): string | undefined {
  return ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find(
    existsSync,
  );
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error('sshd did not answer within 5 s');
}
