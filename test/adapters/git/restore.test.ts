import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RestoreRequest } from '../../../src/ports/git';
import {
  commitAll,
  commitFiles,
  createBareRepo,
  headOf,
  type BareRepo,
  type CommitOptions,
} from '../../support/git-repo';
import { createSandbox, type GitSandbox } from '../../support/git-sandbox';

let repo: BareRepo;
let sandbox: GitSandbox;
let good: string;
let bad: string;
beforeEach(async () => {
  [repo, sandbox] = await Promise.all([
    createBareRepo(),
    createSandbox({ identity: { name: 'Belay', email: 'belay@example.com' } }),
  ]);
  good = await commitFiles(repo, {
    'apps/web/a.yaml': 'v: 1\n',
    'apps/api/a.yaml': 'v: 1\n',
    'README.md': '# x\n',
  });
  bad = await commitFiles(
    repo,
    { 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n' },
    { message: 'Ship v2' },
  );
});
afterEach(() => Promise.all([repo.remove(), sandbox.remove()]));

function request(changes: Partial<RestoreRequest> = {}): RestoreRequest {
  return {
    repoUrl: repo.url,
    branch: 'refs/heads/main',
    paths: ['apps/web'],
    goodRevision: good,
    badRevision: bad,
    subject: 'Restore apps/web to the last good revision',
    body: 'Step 2 failed: error rate 7 % is above 1 %.\n\nTo redeploy: belay retry web',
    trailers: { 'Belay-App': 'web', 'Belay-Run': 'app/web/run-7', 'Co-authored-by': 'Ada <ada@example.com>' },
    ...changes,
  };
}
const restore = (changes?: Partial<RestoreRequest>) => sandbox.git.writer.restorePath(request(changes));
const tree = (revision: string, path = 'apps/web') => repo.git('rev-parse', `${revision}:${path}`);
const count = async (ref = 'main') => Number(await repo.git('rev-list', '--count', ref));
const commitAfter = (files: Parameters<typeof commitFiles>[1], options?: CommitOptions) =>
  commitFiles(repo, files, options);

/** A server-side hook in shell. */
async function hook(name: 'pre-receive' | 'update', script: string): Promise<void> {
  const file = join(repo.dir, 'hooks', name);
  await repo.git('config', 'core.hooksPath', join(repo.dir, 'hooks'));
  await writeFile(file, `#!/bin/sh\n${script}\n`, { flag: 'w' });
  await chmod(file, 0o755);
}

test('restores the path as one commit with message, author and trailers', async () => {
  const result = await restore();
  const head = (await headOf(repo)) ?? '';
  expect(result).toEqual({ kind: 'pushed', revision: head, alsoReverted: [] });
  expect(await repo.git('rev-parse', `${head}^`)).toBe(bad);
  expect(await tree(head)).toBe(await tree(good));
  expect(await repo.git('diff', '--name-status', bad, head)).toBe('M\tapps/web/a.yaml\nD\tapps/web/new.yaml');
  expect(await repo.git('log', '-1', '--format=%an <%ae>%n%cn%n%B', head)).toBe(
    [
      'Belay <belay@example.com>',
      'Belay',
      'Restore apps/web to the last good revision',
      '',
      'Step 2 failed: error rate 7 % is above 1 %.',
      '',
      'To redeploy: belay retry web',
      '',
      'Belay-App: web',
      'Belay-Run: app/web/run-7',
      'Co-authored-by: Ada <ada@example.com>',
    ].join('\n'),
  );
  const { trailers } = await sandbox.git.reader.commit(repo.url, head);
  expect(trailers).toEqual(request().trailers);
  expect(await repo.git('fsck', '--strict')).toBe('');
});

test('leaves later commits of other paths untouched', async () => {
  const later = await commitAfter({ 'apps/api/a.yaml': 'v: 9\n', 'apps/web2/a.yaml': 'v: 1\n' });
  expect(await restore()).toMatchObject({ kind: 'pushed', alsoReverted: [] });
  const head = (await headOf(repo)) ?? '';
  expect(await repo.git('rev-parse', `${head}^`)).toBe(later);
  expect(await tree(head, 'apps/api')).toBe(await tree(later, 'apps/api'));
  expect(await tree(head, 'apps/web2')).toBe(await tree(later, 'apps/web2'));
  expect(await tree(head)).toBe(await tree(good));
});

test('writes nothing over a fix that somebody pushed on top', async () => {
  const fix = await commitAfter({ 'apps/web/a.yaml': 'v: 3\n' });
  expect(await restore()).toEqual({ kind: 'superseded', revision: fix });
  expect(await headOf(repo)).toBe(fix);
});

test('writes nothing where somebody already went back', async () => {
  const byHand = await commitAfter({ 'apps/web/a.yaml': 'v: 1\n', 'apps/web/new.yaml': null });
  expect(await restore()).toEqual({ kind: 'already', revision: byHand });
  expect(await headOf(repo)).toBe(byHand);
});

test('writes nothing where somebody deleted the path', async () => {
  const gone = await commitAfter({ 'apps/web': null });
  expect(await restore()).toEqual({ kind: 'superseded', revision: gone });
});

test('brings back a path that the bad commit deleted', async () => {
  bad = await commitAfter({ 'apps/web': null, 'apps/api': null });
  expect(await restore()).toMatchObject({ kind: 'pushed' });
  expect(await tree('main')).toBe(await tree(good));
  expect(await repo.git('ls-tree', '--name-only', 'main', 'apps/')).toBe('apps/web');
});

test('names the other commits that it takes back', async () => {
  const more = await commitAfter({ 'apps/web/more.yaml': 'm: 1\n' }, { message: 'Add more\n\nFor all.' });
  const undone = await commitAfter({ 'apps/web/more.yaml': null }, { message: 'Take it away' });
  const result = await restore();
  expect(result).toMatchObject({ kind: 'pushed', alsoReverted: [undone, more] });
  const message = await repo.git('log', '-1', '--format=%B', 'main');
  expect(message).toContain(
    `\n- ${undone.slice(0, 12)} Take it away\n- ${more.slice(0, 12)} Add more\n\nBelay-App: web\n`,
  );
});

test('refuses when there was no good version of the path', async () => {
  await expect(restore({ paths: ['apps/none'] })).rejects.toMatchObject({
    code: 'PathNotFound',
    retry: 'never',
  });
  await expect(restore({ paths: ['apps/none', 'apps/web/new.yaml'] })).rejects.toMatchObject({
    code: 'PathNotFound',
    message: expect.stringContaining('paths apps/none, apps/web/new.yaml do not exist at the good revision'),
  });
  expect(await headOf(repo)).toBe(bad);
});

test('an answer lost after the push leaves exactly one commit', async () => {
  const first = await restore();
  const before = await count();
  const others = [await sandbox.another().writer.restorePath(request()), await restore()];
  expect(others).toEqual([first, first]);
  expect(await count()).toBe(before);
  await commitAfter({ 'apps/api/a.yaml': 'v: 4\n' });
  expect(await restore()).toEqual(first);
});

test('a run that has written does not write again when somebody brings the bad version back', async () => {
  await restore();
  const again = await commitAfter({ 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n' });
  expect(await restore()).toEqual({ kind: 'superseded', revision: again });
  const next = { trailers: { 'Belay-Run': 'app/web/run-8' }, badRevision: again };
  expect(await restore(next)).toMatchObject({ kind: 'pushed' });
});

test('a worker that dies while its push is under way leaves exactly one commit', async () => {
  const before = await count();
  const stop = new AbortController();
  await hook('pre-receive', 'touch started; sleep 1; touch ended');
  const outcome = expect(sandbox.git.writer.restorePath(request(), stop.signal)).rejects.toThrow('killed');
  await appears('started');
  stop.abort(new Error('killed'));
  await outcome;
  await hook('update', 'exit 0');
  const results = [await sandbox.another().writer.restorePath(request()), await restore()];
  await appears('ended');
  expect(results).toEqual([{ kind: 'pushed', revision: await headOf(repo), alsoReverted: [] }, results[0]]);
  expect(await count()).toBe(before + 1);
});

test('a commit that was never pushed is not found again, and leaves exactly one', async () => {
  const unlucky = request();
  await hook('pre-receive', "echo 'fatal: no space left on device' >&2; exit 1");
  await expect(sandbox.git.writer.restorePath(unlucky)).rejects.toMatchObject({
    code: 'Unreachable',
    retry: 'later',
  });
  await hook('pre-receive', 'exit 0');
  const before = await count();
  expect(await restore()).toMatchObject({ kind: 'pushed' });
  expect(await count()).toBe(before + 1);
});

async function appears(file: string): Promise<void> {
  while (!existsSync(join(repo.dir, file))) await sleep(10);
}

test('recomputes on the new head when another commit wins the race', async () => {
  await hook(
    'pre-receive',
    `test -e raced && exit 0; touch raced
    unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
    blob=$(echo 'v: 5' | git hash-object -w --stdin)
    tree=$( (git ls-tree main | grep -v README; printf '100644 blob %s\\tREADME.md\\n' $blob) | git mktree)
    git update-ref refs/heads/main $(git -c user.name=R -c user.email=r@example.com commit-tree -p main -m Race $tree)`,
  );
  const before = await count();
  const result = await restore();
  expect(result).toMatchObject({ kind: 'pushed' });
  expect(await count()).toBe(before + 2);
  expect(await repo.git('log', '-2', '--format=%s')).toBe('Restore apps/web to the last good revision\nRace');
  expect(await repo.git('show', 'main:README.md')).toBe('v: 5');
  expect(await tree('main')).toBe(await tree(good));
});

test('two runs for two paths at once both land', async () => {
  const apiBad = await commitAfter({ 'apps/api/a.yaml': 'v: 2\n' });
  const results = await Promise.all([
    restore(),
    sandbox
      .another()
      .writer.restorePath(
        request({ paths: ['apps/api'], badRevision: apiBad, trailers: { 'Belay-Run': 'app/api/run-1' } }),
      ),
  ]);
  expect(results.map(({ kind }) => kind)).toEqual(['pushed', 'pushed']);
  expect(await tree('main')).toBe(await tree(good));
  expect(await tree('main', 'apps/api')).toBe(await tree(good, 'apps/api'));
});

test('the same run twice at once writes once', async () => {
  const before = await count();
  const runs = Array.from({ length: 4 }, () => sandbox.another().writer.restorePath(request()));
  const results = await Promise.all(runs);
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(await count()).toBe(before + 1);
});

test('a good commit that a force-push dropped is still restored when it was kept', async () => {
  const keep = { repoUrl: repo.url, app: 'web', paths: ['apps/web', 'README.md'], revision: good };
  await sandbox.git.keepRevision(keep);
  const forced = await commitFiles(
    repo,
    { 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n', 'README.md': '# y\n' },
    { parent: null },
  );
  await repo.git('reflog', 'expire', '--expire=now', '--all');
  await repo.git('gc', '--quiet', '--prune=now');
  await expect(repo.git('cat-file', '-e', good)).rejects.toThrow();
  expect(await restore({ badRevision: forced, paths: keep.paths })).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('show', 'main:apps/web/a.yaml')).toBe('v: 1');
  expect(await repo.git('show', 'main:README.md')).toBe('# x');
  expect(await repo.git('rev-list', '--count', 'main')).toBe('2');
});

test('what many applications ask to keep at a time is kept, whatever becomes of one of them', async () => {
  const apps = Array.from({ length: 20 }, (_, index) => `app-${index}`);
  const keep = { repoUrl: repo.url, paths: ['apps/web'], revision: good };
  const missing = { ...keep, app: 'gone', revision: 'f'.repeat(40) };
  const kept = Promise.all(apps.map((app) => sandbox.git.keepRevision({ ...keep, app })));
  await expect(sandbox.git.keepRevision(missing)).rejects.toMatchObject({ code: 'RevisionNotFound' });
  await kept;
  const mirror = readdirSync(sandbox.dir).find((each) => each.endsWith('.git')) ?? '';
  const refs = execFileSync('git', ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/belay'], {
    cwd: join(sandbox.dir, mirror),
    encoding: 'utf8',
  });
  for (const app of apps) expect(refs).toContain(`${good} refs/belay/${app}/good`);
  expect(refs).not.toContain('gone');
});

test('a bad commit that a force-push dropped is not looked for at the new head', async () => {
  const forced = await commitFiles(repo, { 'apps/web/a.yaml': 'v: 3\n' }, { parent: good });
  await repo.git('gc', '--quiet', '--prune=now');
  expect(await restore()).toEqual({ kind: 'superseded', revision: forced });
  expect(await headOf(repo)).toBe(forced);
});

test.each([
  [
    'GitHub',
    'error: GH006: Protected branch update failed for refs/heads/main.',
    'protected',
    /branch is protected/,
  ],
  [
    'GitLab',
    'GitLab: You are not allowed to push code to protected branches on this project.',
    'protected',
    /branch is protected/,
  ],
  ['a hook of its own', 'no pushes on Fridays', 'hook', /hook of the server refused/],
  ['a signature check', 'error: Commits must have verified signatures.', 'unsigned', /wants signed commits/],
])('%s that refuses the push is an answer, not an error', async (_, words, why, message) => {
  await hook('pre-receive', `echo '${words}' >&2; exit 1`);
  expect(await restore()).toEqual({
    kind: 'refused',
    why,
    problem: expect.objectContaining({
      code: 'Forbidden',
      message: expect.stringMatching(message),
      value: 'refs/heads/main',
      remedy: expect.any(String),
    }),
  });
  expect(await headOf(repo)).toBe(bad);
});

test.each(['main', 'refs/tags/v1', 'refs/heads/a:refs/heads/b', 'refs/heads/../x', '--force'])(
  'refuses to write to %j, which is no full name of a branch',
  async (branch) => {
    await expect(restore({ branch })).rejects.toMatchObject({ code: 'InvalidSpec', retry: 'never' });
  },
);

test('a deleted branch is an answer, not an error', async () => {
  await repo.git('update-ref', 'refs/heads/other', bad);
  await repo.git('update-ref', '-d', 'refs/heads/main');
  expect(await restore()).toMatchObject({ kind: 'refused', problem: { code: 'RevisionNotFound' } });
});

test('restores the whole repository for the path .', async () => {
  expect(await restore({ paths: ['.'] })).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('rev-parse', 'main^{tree}')).toBe(await repo.git('rev-parse', `${good}^{tree}`));
});

test('keeps modes, symlinks, submodules and odd names, at the path and beside it', async () => {
  const odd = {
    'run.sh': { content: '#!/bin/sh\n', mode: '100755' as const },
    link: { symlink: 'a.yaml' },
    vendor: { submodule: '0123456789012345678901234567890123456789' },
    'na me\té.yaml': 'x: 1\n',
  };
  const under = (dir: string) =>
    Object.fromEntries(Object.entries(odd).map(([name, file]) => [`${dir}/${name}`, file]));
  good = await commitAfter({ ...under('apps/web'), ...under('apps/api') });
  bad = await commitAfter({ 'apps/web': null, 'apps/web/a.yaml': 'v: 7\n' });
  expect(await restore()).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('rev-parse', 'main^{tree}')).toBe(await repo.git('rev-parse', `${good}^{tree}`));
  expect(await repo.git('fsck', '--strict')).toBe('');
});

test('restores over merge commits', async () => {
  const side = await commitFiles(repo, { 'apps/web/side.yaml': 's: 1\n' }, { branch: 'side', parent: good });
  bad = await commitAfter({ 'apps/web/side.yaml': 's: 1\n' }, { merge: [side], message: 'Merge side' });
  expect(await restore()).toMatchObject({ kind: 'pushed' });
  expect(await tree('main')).toBe(await tree(good));
});

test('carries a load of 300 commits', async () => {
  const files = (i: number) => ({ files: { [`apps/api/${i % 7}.yaml`]: `v: ${i}\n` } });
  await commitAll(
    repo,
    Array.from({ length: 300 }, (_, i) => files(i)),
  );
  expect(await restore()).toMatchObject({ kind: 'pushed', alsoReverted: [] });
  expect(await count()).toBe(303);
});

test('signs commits with an SSH key when it has one', async () => {
  const key = join(sandbox.dir, 'signing');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const identity = {
    name: 'Belay',
    email: 'belay@example.com',
    signing: { format: 'ssh' as const, keyFile: key },
  };
  expect(await sandbox.another({ identity }).writer.restorePath(request())).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('cat-file', 'commit', 'main')).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
});
