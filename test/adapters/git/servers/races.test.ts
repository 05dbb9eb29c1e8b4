import { rejectPush, type Interfere } from '../../../support/git-http';
import { commitFiles } from '../../../support/git-repo';
import { behaviours, type Scene } from './scene';

const behaves = behaviours('Races');

/** Does something else first, then lets the request pass. */
function after(what: () => Promise<unknown>): Interfere {
  return async ({ pass }) => {
    await what();
    await pass();
  };
}

const pushElsewhere = ({ repo }: Scene) => commitFiles(repo, { 'other/b.yaml': 'v: 2\n' });

async function keepsTheirs(scene: Scene, theirs: string): Promise<void> {
  expect(await scene.repo.git('merge-base', '--is-ancestor', theirs, 'main')).toBe('');
  expect(await scene.repo.git('show', 'main:other/b.yaml')).toBe('v: 2');
}

for (const [id, kind] of [
  ['stale info', 'advertisement'],
  ['cannot lock ref', 'pack'],
] as const)
  behaves(id, async (scene) => {
    let theirs = '';
    scene.http.interfere(
      kind,
      after(async () => (theirs = await pushElsewhere(scene))),
    );
    const result = await scene.restore();
    await keepsTheirs(scene, theirs);
    // A stale branch is seen before anything is sent, a locked one only by the server.
    expect(
      scene.http.requests.filter((line) => line.startsWith('POST') && line.endsWith('receive-pack')),
    ).toHaveLength(id === 'stale info' ? 1 : 2);
    expect(scene.http.requests.filter((line) => line.endsWith('service=git-receive-pack'))).toHaveLength(2);
    return result;
  });

for (const [id, reason] of [
  ['non-fast-forward', 'non-fast-forward'],
  ['fetch first', 'fetch first'],
  ['old value', 'incorrect old value provided'],
] as const)
  behaves(id, (scene) => {
    scene.http.interfere('pack', rejectPush(reason));
    return scene.restore();
  });

behaves('two writers', async (scene) => {
  const { repo, http, request } = scene;
  const worse = await commitFiles(repo, { 'other/b.yaml': 'v: 2\n' });
  const [one, two] = await Promise.all([scene.writer(), scene.writer()]);
  const other = request({ paths: ['other'], badRevision: worse, trailers: { 'Belay-Run': 'run-2' } });
  // The first pack waits until the other writer has pushed: one of them is always too late.
  let second: ReturnType<typeof two.writer.restorePath> | undefined;
  http.interfere(
    'pack',
    after(async () => {
      second = two.writer.restorePath(other);
      expect(await second).toMatchObject({ kind: 'pushed' });
    }),
  );
  const result = await one.writer.restorePath(request());
  expect(await second).toMatchObject({ kind: 'pushed' });
  expect(await repo.git('show', 'main:other/b.yaml')).toBe('v: 1');
  expect(await repo.git('rev-list', '--count', 'main')).toBe('5');
  return result;
});

behaves('same path', async (scene) => {
  const fix = { 'web/a.yaml': 'v: 3\n' };
  scene.http.interfere(
    'pack',
    after(() => commitFiles(scene.repo, fix)),
  );
  const result = await scene.restore();
  expect(await scene.repo.git('show', 'main:web/a.yaml')).toBe('v: 3');
  return result;
});

behaves('force-push', async (scene) => {
  const { repo, http, good } = scene;
  const dropped = await commitFiles(repo, { 'other/secret.txt': 'to be dropped\n' });
  const rewritten = { 'web/a.yaml': 'v: 2\n', 'web/new.yaml': 'v: 2\n', 'other/c.yaml': 'v: 1\n' };
  http.interfere(
    'pack',
    after(() => commitFiles(repo, rewritten, { parent: good })),
  );
  const result = await scene.restore();
  expect(await repo.git('log', '--format=%H', 'main')).not.toContain(dropped);
  expect(await repo.git('ls-tree', '--name-only', '-r', 'main', 'other')).toBe('other/b.yaml\nother/c.yaml');
  return result;
});

behaves('force-push drops', async (scene) => {
  const { repo, http, good, bad } = scene;
  http.interfere(
    'pack',
    after(() => commitFiles(repo, { 'other/c.yaml': 'v: 1\n' }, { parent: good })),
  );
  const result = await scene.restore();
  expect(await repo.git('log', '--format=%H', 'main')).not.toContain(bad);
  return result;
});

behaves('branch deleted', async ({ repo, restore }) => {
  await repo.git('branch', 'another', 'main');
  await repo.git('update-ref', '-d', 'refs/heads/main');
  const result = await restore();
  expect(await repo.git('branch', '--list', 'main')).toBe('');
  return result;
});

behaves('branch deleted late', async ({ repo, http, restore }) => {
  await repo.git('branch', 'another', 'main');
  http.interfere(
    'pack',
    after(() => repo.git('update-ref', '-d', 'refs/heads/main')),
  );
  const result = await restore();
  expect(await repo.git('branch', '--list', 'main')).toBe('');
  return result;
});
