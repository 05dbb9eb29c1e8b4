import { commitAll, type CommitOptions } from '../../support/git-repo';
import { createRestoreScene, type RestoreScene } from '../../support/restore-scene';

let scene: RestoreScene;
beforeEach(async () => (scene = await createRestoreScene()));
afterEach(() => scene.remove());

const by = (name: string, more: CommitOptions = {}): CommitOptions => ({
  author: { name, email: `${name.toLowerCase()}@example.com` },
  message: `Work of ${name}`,
  ...more,
});
const refusing = { others: 'refuse' } as const;
const coAuthors = async (revision = 'main') =>
  (await scene.message(revision)).split('\n').filter((line) => line.startsWith('Co-authored-by:'));

describe('commits of others that would go back, too', () => {
  test('forbid the restore where the request says so', async () => {
    const more = await scene.commit({ 'apps/web/more.yaml': 'm: 1\n' }, by('Bob'));
    const undone = await scene.commit({ 'apps/web/more.yaml': null });
    expect(await scene.restore(refusing)).toEqual({
      kind: 'mixed',
      revision: undone,
      others: [undone, more],
    });
    expect(await scene.head()).toBe(undone);
  });

  test('are those between the good and the bad one, too', async () => {
    const between = await scene.commit({ 'apps/web/b.yaml': 'b: 1\n' }, by('Bob', { parent: scene.good }));
    scene.bad = await scene.commit({ 'apps/web/a.yaml': 'v: 2\n' });
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'mixed', others: [between] });
  });

  test('are not those that changed other paths', async () => {
    await scene.commit({ 'shared/values.yaml': 's: 2\n' }, by('Bob'));
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'pushed', alsoReverted: [] });
  });

  test('are not asked for where somebody went back, or pushed a fix', async () => {
    await scene.commit({ 'apps/web/more.yaml': 'm: 1\n' });
    const fix = await scene.commit({ 'apps/web/a.yaml': 'v: 3\n' });
    expect(await scene.restore(refusing)).toEqual({ kind: 'superseded', revision: fix });
  });

  test('are a merge of theirs: one commit, however many it merged', async () => {
    await scene.commit({ 'apps/web/b.yaml': 'b: 1\n' }, by('Bob', { branch: 'side', parent: scene.good }));
    const files = { 'apps/web/b.yaml': null, 'apps/web/c.yaml': 'c: 1\n' };
    const tip = await scene.commit(files, by('Bob', { branch: 'side' }));
    const merged = await scene.commit({ 'apps/web/c.yaml': 'c: 1\n' }, by('Cleo', { merge: [tip] }));
    const undone = await scene.commit({ 'apps/web/c.yaml': null });
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'mixed', others: [undone, merged] });
  });
});

describe('the bad commit itself', () => {
  test('is the one before that touched the paths, where the bad revision did not', async () => {
    scene.bad = await scene.commit({ 'README.md': '# y\n' }, by('Bob'));
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'pushed', alsoReverted: [] });
    expect(await coAuthors()).toEqual(['Co-authored-by: Ada <ada@example.com>']);
  });

  test('may be a merge: what it merged is its own, and its authors are named', async () => {
    await scene.commit({ 'apps/web/b.yaml': 'b: 1\n' }, by('Bob', { branch: 'side', parent: scene.good }));
    const tip = await scene.commit({ 'apps/web/c.yaml': 'c: 1\n' }, by('Cleo', { branch: 'side' }));
    await scene.commit({ 'README.md': '# z\n' }, { parent: scene.good });
    const files = { 'apps/web/b.yaml': 'b: 1\n', 'apps/web/c.yaml': 'c: 1\n' };
    scene.bad = await scene.commit(files, by('Dora', { merge: [tip] }));
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'pushed', alsoReverted: [] });
    expect(await coAuthors()).toEqual([
      'Co-authored-by: Dora <dora@example.com>',
      'Co-authored-by: Cleo <cleo@example.com>',
      'Co-authored-by: Bob <bob@example.com>',
    ]);
  });

  /** Eve, who was behind, merges `main` into her work and pushes that: the bad commit is then no first parent. */
  async function mergedTheOtherWay(): Promise<string> {
    await scene.commit({ 'README.md': '# eve\n' }, by('Eve', { branch: 'eve', parent: scene.good }));
    const own = await scene.head('eve');
    const files = { 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n' };
    return scene.commit(files, by('Eve', { parent: own, merge: [scene.bad] }));
  }

  test('may have come in by a merge on top of it: that merge is no commit of others', async () => {
    const merge = await mergedTheOtherWay();
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'pushed', alsoReverted: [] });
    expect(await scene.repo.git('rev-parse', 'main^')).toBe(merge);
    expect((await coAuthors())[0]).toBe('Co-authored-by: Ada <ada@example.com>');
    expect(await scene.repo.git('show', 'main:README.md')).toBe('# eve');
  });

  test('may have come in by a merge together with commits of others', async () => {
    const between = await scene.commit({ 'apps/web/b.yaml': 'b: 1\n' }, by('Bob', { parent: scene.good }));
    scene.bad = await scene.commit({ 'apps/web/a.yaml': 'v: 2\n' });
    await scene.commit({ 'README.md': '# eve\n' }, by('Eve', { branch: 'eve', parent: scene.good }));
    const own = await scene.head('eve');
    const files = { 'apps/web/a.yaml': 'v: 2\n', 'apps/web/b.yaml': 'b: 1\n' };
    await scene.commit(files, by('Eve', { parent: own, merge: [scene.bad] }));
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'mixed', others: [between] });
  });

  test('may have been rebased: the one in its place is no commit of others', async () => {
    const other = await scene.commit({ 'README.md': '# y\n' }, by('Bob', { parent: scene.good }));
    const rebased = await scene.commit({ 'apps/web/a.yaml': 'v: 2\n', 'apps/web/new.yaml': 'n: 1\n' });
    expect(rebased).not.toBe(scene.bad);
    await scene.repo.git('update-ref', 'refs/heads/kept', scene.bad);
    expect(await scene.restore(refusing)).toMatchObject({ kind: 'pushed', alsoReverted: [] });
    expect(await scene.repo.git('rev-parse', 'main~2')).toBe(other);
  });
});

describe('the message', () => {
  test('lists twenty commits that go back, too, and how many more', async () => {
    const changes = Array.from({ length: 22 }, (_, index) => ({
      files: { 'apps/web/more.yaml': `m: ${index}\n` },
      message: `Change ${index}`,
    }));
    const revisions = await commitAll(scene.repo, changes);
    await scene.commit({ 'apps/web/more.yaml': null }, { message: 'Last' });
    expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
    const listed = (await scene.message()).split('\n').filter((line) => line.startsWith('- '));
    expect(listed).toHaveLength(21);
    expect(listed[1]).toBe(`- ${revisions[21]?.slice(0, 12)} Change 21`);
    expect(listed[20]).toBe('- and 3 more');
  });

  test.each([
    ['is cut', 'x'.repeat(100), `${'x'.repeat(71)}…`],
    ['holds no control characters', 'a\x1b[31mb\u202ec\td\u0085e', 'a (31mb c d e'],
    ['cannot skip the checks of a forge', 'Bump it [skip ci]', 'Bump it (skip ci)'],
    ['cannot close an issue', 'Tidy up, fixes #12 (#345)', 'Tidy up, fixes # 12 (# 345)'],
    ['cannot be taken for a trailer of ours', 'Belay-Run: app/web/run-7', 'Belay-Run: app/web/run-7'],
    ['may be missing', '', ''],
  ])('quotes the subject of another commit so that it %s', async (_, subject, quoted) => {
    const more = await scene.commit({ 'apps/web/more.yaml': 'm: 1\n' }, { message: subject });
    await scene.commit({ 'apps/web/more.yaml': null }, { message: 'Undo' });
    expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
    expect((await scene.message()).split('\n')).toContain(`- ${more.slice(0, 12)} ${quoted}`.trimEnd());
  });

  test('holds no control character of what the request says', async () => {
    await scene.restore({ body: 'a\0b\x1bc\r\nd' });
    expect(await scene.message()).toContain('\n\na b c \nd\n\n');
  });
});

describe('who wrote what goes back', () => {
  test('is named beside us, the author of the bad commit first, five at most, each once', async () => {
    const names = ['Bob', 'Cleo', 'BOB', 'Dora', 'Eve', 'Fay', 'Gus'];
    for (const [index, name] of names.entries())
      await scene.commit({ 'apps/web/more.yaml': `m: ${index}\n` }, by(name));
    await scene.commit({ 'apps/web/more.yaml': null }, by('Gus'));
    expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
    expect(await coAuthors()).toEqual(
      ['Ada', 'Gus', 'Fay', 'Eve', 'Dora'].map(
        (name) => `Co-authored-by: ${name} <${name.toLowerCase()}@example.com>`,
      ),
    );
    const { trailers } = await scene.sandbox.git.reader.commit(scene.repo.url, await scene.head());
    expect(trailers).toMatchObject({ 'Belay-Run': 'app/web/run-7' });
    expect(await scene.restore()).toMatchObject({ kind: 'pushed', revision: await scene.head() });
  });

  test.each([
    ['we are', { name: 'Someone', email: 'Belay@Example.com' }],
    ['nobody is', { name: '', email: 'ada@example.com' }],
    ['somebody without an address is', { name: 'Ada', email: '' }],
    ['a name with a control character is', { name: 'A\x1bda', email: 'ada@example.com' }],
    ['an address with a space is', { name: 'Ada', email: 'ada at example.com' }],
  ])('is not named where %s', async (_, author) => {
    scene.bad = await scene.commit({ 'apps/web/a.yaml': 'v: 2\n' }, { author, parent: scene.good });
    expect(await scene.restore()).toMatchObject({ kind: 'pushed' });
    expect(await coAuthors()).toEqual([]);
  });

  test('is named once where the request names them', async () => {
    await scene.restore({ trailers: { 'Co-authored-by': 'A. Lovelace <Ada@example.com>' } });
    expect(await coAuthors()).toEqual(['Co-authored-by: A. Lovelace <Ada@example.com>']);
  });
});
