import { randomBytes } from 'node:crypto';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from './command';
import { ensureGitea } from './gitea-tool';
import { guardName, startGuard } from './guard';
import { withFreePorts } from './ports';
import { startProcess, stopProcesses } from './processes';
import { waitUntil } from './wait';

const NAME = 'gitea';
const USER = 'belay';

/** A forge on this machine, with one administrator. */
export interface LocalGitea {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** `ssh://<user>@127.0.0.1:<port>`; it takes the keys that users have put there by the API. */
  sshUrl: string;
  user: string;
  password: string;
  /** Of the user, for everything; as a password it opens repositories too. */
  token: string;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a Gitea, built at first use, with its data in `dir`, which must be new or empty. It ends with this process at the latest. */
export async function startGitea(options: { readonly dir: string }): Promise<LocalGitea> {
  const program = await ensureGitea();
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  await startGuard(dir, NAME);
  try {
    const addresses = await withFreePorts(2, async ([web = 0, ssh = 0]) => {
      await stopProcesses(dir, [NAME]);
      return startServer(dir, program, { web, ssh });
    });
    const password = randomBytes(12).toString('hex');
    await addUser(dir, program, password);
    const token = await createToken(addresses.url, password);
    return { ...addresses, user: USER, password, token, stop: () => stopGitea(dir) };
  } catch (error) {
    await stopGitea(dir);
    throw error;
  }
}

async function stopGitea(dir: string): Promise<void> {
  await stopProcesses(dir, [NAME]);
  await stopProcesses(dir, [guardName(NAME)]);
}

interface Ports {
  readonly web: number;
  readonly ssh: number;
}

async function startServer(
  dir: string,
  program: string,
  ports: Ports,
): Promise<Pick<LocalGitea, 'url' | 'sshUrl'>> {
  await writeFile(configPath(dir), configOf(dir, program, ports));
  const processes = [await startProcess(dir, NAME, program, ['web', '--config', configPath(dir)])];
  const url = `http://127.0.0.1:${ports.web}`;
  await waitUntil(
    { dir, what: 'Gitea', processes },
    async () => (await fetch(`${url}/api/v1/version`, { signal: AbortSignal.timeout(5_000) })).ok,
  );
  return { url, sshUrl: `ssh://${userInfo().username}@127.0.0.1:${ports.ssh}` };
}

async function addUser(dir: string, program: string, password: string): Promise<void> {
  const who = ['--username', USER, '--email', `${USER}@example.com`, '--password', password];
  const create = ['admin', 'user', 'create', '--admin', '--must-change-password=false', ...who];
  await runCommand(program, ['--config', configPath(dir), ...create]);
}

async function createToken(url: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/users/${USER}/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'all', scopes: ['all'] }),
  });
  const { sha1 } = (await answer.json()) as { readonly sha1?: string };
  if (sha1 === undefined) throw new Error(`Gitea gives no token: it answered ${answer.status}`);
  return sha1;
}

function configPath(dir: string): string {
  return join(dir, 'app.ini');
}

/** Everything that Gitea would do besides holding repositories is off: it starts faster, and asks nobody on the network. */
function configOf(dir: string, program: string, { web, ssh }: Ports): string {
  return `
RUN_USER = ${userInfo().username}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = ${dir}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${web}
ROOT_URL = http://127.0.0.1:${web}/
STATIC_ROOT_PATH = ${dirname(program)}
START_SSH_SERVER = true
SSH_LISTEN_HOST = 127.0.0.1
SSH_PORT = ${ssh}
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = ${join(dir, 'gitea.db')}
SQLITE_JOURNAL_MODE = WAL
SQLITE_TIMEOUT = 30000
[security]
INSTALL_LOCK = true
[service]
DISABLE_REGISTRATION = true
[indexer]
ISSUE_INDEXER_TYPE = db
[queue]
TYPE = channel
[webhook]
ALLOWED_HOST_LIST = loopback
[actions]
ENABLED = false
[packages]
ENABLED = false
[picture]
DISABLE_GRAVATAR = true
[log]
LEVEL = Warn
`;
}
