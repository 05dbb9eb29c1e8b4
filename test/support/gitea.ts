import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitea } from '../../tools/local/gitea';
import { whyNoCCompiler } from '../../tools/local/prerequisites';

/** A real forge: the owner of its repositories is an administrator, who may push to protected branches too. */
export interface Gitea {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly sshUrl: string;
  /** The owner. */
  readonly user: string;
  readonly token: string;
  /** An account as Belay gets one, with a token as docs/forges.md asks for: it may write, but not to protected branches. */
  readonly bot: GiteaUser;
  createRepo(name: string, options?: { readonly protectedMain?: boolean }): Promise<GiteaRepo>;
  /** One more account. */
  addUser(name: string): Promise<GiteaUser>;
  /** Asks the API below `/api/v1`, as the owner unless told otherwise; throws at any answer but success. Gives its JSON. */
  api<T = unknown>(method: string, path: string, body?: unknown, token?: string): Promise<T>;
  stop(): Promise<void>;
}

export interface GiteaUser {
  readonly user: string;
  readonly token: string;
}

export interface GiteaRepo {
  /** For clones and for `repoUrl`s, without a credential. */
  readonly url: string;
  readonly sshUrl: string;
  /** Of the API: `/repos/<owner>/<name>`. */
  readonly path: string;
  /** Commits files as the owner, `null` deletes, and gives the commit. */
  commit(files: Readonly<Record<string, string | null>>, options?: GiteaCommit): Promise<string>;
  /** The commit that a branch names, `main` unless told; undefined where there is none. */
  head(branch?: string): Promise<string | undefined>;
}

export interface GiteaCommit {
  readonly message?: string;
  /** Created from `main` where it is missing. */
  readonly branch?: string;
}

/** Building Gitea, where nobody has yet. */
export const giteaWithinMs = 1_800_000;

/** `describe` for what needs a Gitea: skipped, and said, where none can be built. */
export function describeOnGitea(name: string, tests: () => void): void {
  const missing = whyNoCCompiler();
  if (missing !== undefined) console.warn(`${name}: skipped. ${missing.missing} ${missing.remedy}`);
  (missing === undefined ? describe : describe.skip)(name, tests);
}

/** Starts Gitea, built at first use: give `beforeAll` `giteaWithinMs`. */
export async function start(): Promise<Gitea> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-gitea-'));
  const server = await startGitea({ dir });
  const { url, sshUrl, user, token } = server;
  const ask = async (method: string, path: string, authorization: string, body: unknown) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  const api: Gitea['api'] = async <T>(method: string, path: string, body?: unknown, who = token) =>
    (await ask(method, path, `token ${who}`, body)) as T;
  const addUser = async (name: string, scopes: readonly string[] = ['all']): Promise<GiteaUser> => {
    const password = randomBytes(12).toString('hex');
    const account = { username: name, email: `${name}@example.com`, password, must_change_password: false };
    await api('POST', '/admin/users', account);
    const basic = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    const scoped = { name: 'test', scopes };
    const given = (await ask('POST', `/users/${name}/tokens`, basic, scoped)) as { readonly sha1: string };
    return { user: name, token: given.sha1 };
  };
  const bot = await addUser('deployer', ['write:repository', 'write:issue']);
  return {
    ...{ url, sshUrl, user, token, bot, api },
    addUser: (name) => addUser(name),
    createRepo: (name, { protectedMain = false } = {}) =>
      createRepo({ url, sshUrl, user, bot, api }, name, protectedMain),
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

async function createRepo(
  { url, sshUrl, user, bot, api }: Pick<Gitea, 'url' | 'sshUrl' | 'user' | 'bot' | 'api'>,
  name: string,
  protectedMain: boolean,
): Promise<GiteaRepo> {
  const path = `/repos/${user}/${name}`;
  await api('POST', '/user/repos', { name, auto_init: true, default_branch: 'main' });
  await api('PUT', `${path}/collaborators/${bot.user}`, { permission: 'write' });
  if (protectedMain) {
    const allowed = { enable_push: true, enable_push_whitelist: true, push_whitelist_usernames: [user] };
    await api('POST', `${path}/branch_protections`, { rule_name: 'main', ...allowed });
  }
  const head = async (branch = 'main'): Promise<string | undefined> => {
    const branches = await api<readonly { name: string; commit: { id: string } }[]>(
      'GET',
      `${path}/branches?limit=50`,
    );
    return branches.find((each) => each.name === branch)?.commit.id;
  };
  const commit: GiteaRepo['commit'] = async (files, { message = 'Change files', branch = 'main' } = {}) => {
    const isNew = (await head(branch)) === undefined;
    const where = isNew ? { branch: 'main', new_branch: branch } : { branch };
    const changes = await Promise.all(Object.entries(files).map((file) => changeOf(api, path, branch, file)));
    const made = await api<{ readonly commit: { readonly sha: string } }>('POST', `${path}/contents`, {
      ...{ ...where, message, files: changes },
    });
    return made.commit.sha;
  };
  return { url: `${url}/${user}/${name}.git`, sshUrl: `${sshUrl}/${user}/${name}.git`, path, head, commit };
}

/** A deletion must name what it deletes. */
async function changeOf(
  api: Gitea['api'],
  repository: string,
  branch: string,
  [path, content]: readonly [string, string | null],
): Promise<object> {
  if (content !== null)
    return { operation: 'upload', path, content: Buffer.from(content).toString('base64') };
  const found = await api<{ readonly sha: string }>('GET', `${repository}/contents/${path}?ref=${branch}`);
  return { operation: 'delete', path, sha: found.sha };
}
