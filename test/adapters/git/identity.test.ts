import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Signing } from '../../../src/adapters/git';
import type { RestoreRequest } from '../../../src/ports/git';
import { commitFiles, createBareRepo, headOf, type BareRepo } from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';
import { createGpgHome, type GpgHome } from '../../support/gpg';
import { until } from '../../support/until';
import { restoreRequest } from '../../support/restore-request';

const passphrase = "correct horse 'battery'";
const surroundings = ['PATH', 'HOME', 'TMPDIR', 'GNUPGHOME', 'BELAY_TEST_KEY'] as const;
let before: Record<string, string | undefined>;
let repo: BareRepo;
let sandbox: GitSandbox;
let home: GpgHome;
/** Where the signer keeps its directory. */
let temp: string;
let request: RestoreRequest;
beforeEach(async () => {
  before = Object.fromEntries(surroundings.map((name) => [name, process.env[name]]));
  [repo, sandbox, home] = await Promise.all([createBareRepo(), createSandbox(), createGpgHome()]);
  temp = await mkdtemp(join(tmpdir(), 'belay-t-'));
  const good = await commitFiles(repo, { 'web/a.yaml': 'v: 1\n' });
  const bad = await commitFiles(repo, { 'web/a.yaml': 'v: 2\n' });
  request = restoreRequest(repo.url, { good, bad });
  process.env['TMPDIR'] = temp;
});
afterEach(async () => {
  for (const name of surroundings) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await Promise.all([repo.remove(), sandbox.remove(), home.remove()]);
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});

const identity = (signing: Signing) => ({ name: 'Belay', email: 'belay@example.com', signing });
const restore = (signing: Signing) =>
  sandbox.another({ identity: identity(signing) }).writer.restorePath(request);

function file(name: string, text: string): string {
  const path = join(sandbox.dir, name);
  writeFileSync(path, text);
  return path;
}

function sshKey(secret = '', type: readonly string[] = ['ed25519']): string {
  const path = join(sandbox.dir, 'ssh-key');
  execFileSync('ssh-keygen', ['-q', '-t', ...type, '-N', secret, '-f', path]);
  return path;
}

/** `git verify-commit` of the head, with the one key that is trusted; gives what it says. */
function verify(config: readonly string[] = []): string {
  const env = { PATH: process.env['PATH'], GNUPGHOME: home.dir, HOME: sandbox.dir, GIT_CONFIG_NOSYSTEM: '1' };
  const options = config.flatMap((each) => ['-c', each]);
  const said = execFileSync('git', [...options, 'verify-commit', '--raw', 'main'], {
    cwd: repo.dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return `${said}${execFileSync('git', [...options, 'log', '-1', '--format=%G? %GS', 'main'], { cwd: repo.dir, env, encoding: 'utf8' })}`;
}

function verifySsh(keyFile: string): string {
  const signers = file('signers', `belay@example.com ${readFileSync(`${keyFile}.pub`, 'utf8')}`);
  return verify(['gpg.format=ssh', `gpg.ssh.allowedSignersFile=${signers}`]);
}

const left = () => readdirSync(temp);

/** Processes that were told this text. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}

describe('with an SSH key', () => {
  test.each<[string, string, readonly string[]]>([
    ['ed25519', '', ['ed25519']],
    ['RSA in PEM', '', ['rsa', '-b', '2048', '-m', 'PEM']],
    ['ed25519 with a passphrase', passphrase, ['ed25519']],
  ])('%s: git verifies what was pushed', async (_, secret, type) => {
    const keyFile = sshKey(secret, type);
    const passphraseFile = file('passphrase', `${secret}\n`);
    const signing = { format: 'ssh' as const, keyFile, ...(secret === '' ? {} : { passphraseFile }) };
    expect(await restore(signing)).toMatchObject({ kind: 'pushed' });
    expect(verifySsh(keyFile)).toContain('G belay@example.com');
    expect(left()).toEqual([]);
  });

  test('takes the key from a variable, without a line break at its end', async () => {
    const keyFile = sshKey();
    process.env['BELAY_TEST_KEY'] = readFileSync(keyFile, 'utf8').trim();
    expect(await restore({ format: 'ssh', keyVariable: 'BELAY_TEST_KEY' })).toMatchObject({ kind: 'pushed' });
    expect(verifySsh(keyFile)).toContain('G belay@example.com');
  });

  test('takes a key that everybody may read, as a mounted Secret is', async () => {
    const keyFile = sshKey();
    execFileSync('chmod', ['644', keyFile]);
    expect(await restore({ format: 'ssh', keyFile })).toMatchObject({ kind: 'pushed' });
  });

  test('a new key counts from the next commit on', async () => {
    const keyFile = sshKey();
    const git = sandbox.another({ identity: identity({ format: 'ssh', keyFile }) });
    writeFileSync(join(sandbox.dir, 'old'), readFileSync(keyFile));
    await rm(keyFile);
    sshKey();
    expect(await git.writer.restorePath(request)).toMatchObject({ kind: 'pushed' });
    expect(verifySsh(keyFile)).toContain('G belay@example.com');
  });

  test('is let in by a server that verifies signatures, and an unsigned commit is not', async () => {
    const keyFile = sshKey();
    const signers = file('signers', `belay@example.com ${readFileSync(`${keyFile}.pub`, 'utf8')}`);
    const settings = `-c gpg.format=ssh -c gpg.ssh.allowedSignersFile=${signers}`;
    await repo.git('config', 'core.hooksPath', join(repo.dir, 'hooks'));
    mkdirSync(join(repo.dir, 'hooks'), { recursive: true });
    const script = `read old new ref; git ${settings} verify-commit $new || { echo 'Commits must have verified signatures.'; exit 1; }`;
    writeFileSync(join(repo.dir, 'hooks', 'pre-receive'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    expect(await sandbox.git.writer.restorePath(request)).toMatchObject({ kind: 'refused', why: 'unsigned' });
    expect(await restore({ format: 'ssh', keyFile })).toMatchObject({ kind: 'pushed' });
  });
});

describe('with an OpenPGP key', () => {
  const exported = async (secret: string, ...keys: string[]) =>
    file('key.asc', await home.gpg('--passphrase', secret, '--armor', '--export-secret-keys', ...keys));

  test.each([
    ['without a passphrase', ''],
    ['with one', passphrase],
  ])('%s: git verifies what was pushed', async (_, secret) => {
    await home.generate({ passphrase: secret });
    const keyFile = await exported(secret);
    const passphraseFile = file('passphrase', secret);
    const signing = { format: 'openpgp' as const, keyFile, ...(secret === '' ? {} : { passphraseFile }) };
    expect(await restore(signing)).toMatchObject({ kind: 'pushed' });
    expect(verify()).toContain('Belay <belay@example.com>');
    expect(left()).toEqual([]);
  });

  test('signs by a subkey where the key itself only certifies', async () => {
    const fingerprint = await home.generate({ usage: 'cert' });
    await home.gpg('--passphrase', '', '--quick-add-key', fingerprint, 'ed25519', 'sign', 'never');
    expect(await restore({ format: 'openpgp', keyFile: await exported('') })).toMatchObject({
      kind: 'pushed',
    });
    expect(verify()).toContain('Belay <belay@example.com>');
  });

  test("leaves no agent behind, and neither reads nor writes the user's keyring", async () => {
    await home.generate();
    const keyFile = await exported('');
    const user = file('user', '');
    await rm(user);
    mkdirSync(join(user, '.gnupg'), { recursive: true, mode: 0o700 });
    Object.assign(process.env, { HOME: user, GNUPGHOME: join(user, '.gnupg') });
    expect(await restore({ format: 'openpgp', keyFile })).toMatchObject({ kind: 'pushed' });
    expect(readdirSync(join(user, '.gnupg'))).toEqual([]);
    expect(left()).toEqual([]);
    await until('the agent has ended', () => processesWith(temp).length === 0);
  });

  test('names gpg where it is missing, and what to do', async () => {
    await home.generate();
    const keyFile = await exported('');
    const bin = join(sandbox.dir, 'bin');
    mkdirSync(bin);
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    symlinkSync(git, join(bin, 'git'));
    process.env['PATH'] = bin;
    await expect(restore({ format: 'openpgp', keyFile })).rejects.toMatchObject({
      code: 'Unauthenticated',
      message: expect.stringMatching(/program gpg is not on the PATH .*install GnuPG/),
    });
    expect(left()).toEqual([]);
  });

  test.each<[string, () => Promise<Partial<Signing>>, RegExp]>([
    [
      'a wrong passphrase',
      async () => {
        await home.generate({ passphrase });
        return { keyFile: await exported(passphrase), passphraseFile: file('wrong', 'hunter2-wrong') };
      },
      /passphrase of the key in file .* is missing or wrong/,
    ],
    [
      'no passphrase where the key has one',
      async () => {
        await home.generate({ passphrase });
        return { keyFile: await exported(passphrase) };
      },
      /passphrase of the key in file .* is missing or wrong/,
    ],
    [
      'a public key',
      async () => {
        await home.generate();
        return { keyFile: file('public.asc', await home.gpg('--armor', '--export')) };
      },
      /holds no OpenPGP private key/,
    ],
    [
      'two keys',
      async () => {
        const all = [await home.generate(), await home.generate({ name: 'Another' })];
        return { keyFile: await exported('', ...all) };
      },
      /holds 2 OpenPGP keys; leave the one that signs/,
    ],
    [
      'a key that has expired',
      async () => {
        await home.generate({ expires: 'seconds=1' });
        await until('it has expired', async () =>
          (await home.gpg('--list-secret-keys', '--with-colons')).includes('sec:e:'),
        );
        return { keyFile: await exported('') };
      },
      /has expired; write another one/,
    ],
    ['something else', async () => ({ keyFile: file('key.asc', 'hunter2-wrong') }), /holds no OpenPGP/],
    [
      'a file that is missing',
      async () => ({ keyFile: '/no/such/key' }),
      /missing or empty: file \/no\/such/,
    ],
  ])('says what is wrong with %s, and writes nothing', async (_, prepare, expected) => {
    const signing: Signing = { format: 'openpgp', ...(await prepare()) };
    const error: unknown = await restore(signing).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'Unauthenticated',
      retry: 'later',
      message: expect.stringMatching(expected),
    });
    expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2|battery|BEGIN PGP/);
    expect(await headOf(repo)).toBe(request.badRevision);
    expect(left()).toEqual([]);
  });
});

test.each<[string, () => Signing, RegExp]>([
  [
    'a wrong passphrase',
    () => ({ format: 'ssh', keyFile: sshKey(passphrase), passphraseFile: file('p', 'hunter2-wrong') }),
    /passphrase .* is missing or wrong/,
  ],
  [
    'no passphrase where the key has one',
    () => ({ format: 'ssh', keyFile: sshKey(passphrase) }),
    /passphrase .* is missing or wrong/,
  ],
  [
    'something that is no key',
    () => ({ format: 'ssh', keyFile: file('k', 'hunter2-wrong') }),
    /holds no private key/,
  ],
  [
    'an unset variable',
    () => ({ format: 'ssh', keyVariable: 'BELAY_TEST_KEY' }),
    /missing or empty: environment variable BELAY_TEST_KEY/,
  ],
])('an SSH signature with %s is an error that says so', async (_, signing, expected) => {
  const error: unknown = await restore(signing()).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'Unauthenticated', message: expect.stringMatching(expected) });
  expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2|battery/);
  expect(await headOf(repo)).toBe(request.badRevision);
  expect(left()).toEqual([]);
});

test('removes what a process left that was killed while it signed, and nothing younger', async () => {
  const [old, young] = [join(temp, 'belay-sign-old'), join(temp, 'belay-sign-young')];
  [old, young].forEach((dir) => mkdirSync(dir));
  const time = Date.now() / 1000 - 2 * 3600;
  utimesSync(old, time, time);
  expect(await restore({ format: 'ssh', keyFile: sshKey() })).toMatchObject({ kind: 'pushed' });
  expect(left()).toEqual(['belay-sign-young']);
});
