import { commitFiles } from '../../../support/git-repo';
import { behaviours, openScene, outcomeOf, type Scene } from './scene';
import { table } from './table';

const behaves = behaviours('Pull requests');
const head = 'refs/heads/belay/revert-web';

/** Pushes ours onto a branch of its own, where the forge finds it, and gives the commit. */
async function proposed(scene: Scene): Promise<string> {
  const git = await scene.writer();
  const result = await git.writer.restorePath(scene.request({ onto: head }));
  expect(result).toMatchObject({ kind: 'pushed' });
  expect(await scene.repo.git('rev-parse', 'main')).toBe(scene.bad);
  return scene.repo.git('rev-parse', head);
}

/** What the forge does with the button of the same name, and somebody pushes first. */
async function mergedBy(scene: Scene, how: 'merge' | 'squash' | 'rebase'): Promise<void> {
  const { repo } = scene;
  const ours = await proposed(scene);
  const theirs = await commitFiles(repo, { 'other/b.yaml': 'v: 2\n' });
  const tree = await repo.git('merge-tree', '--write-tree', theirs, ours);
  const message = await repo.git('log', '-1', '--format=%B', ours);
  const parents = how === 'merge' ? ['-p', theirs, '-p', ours] : ['-p', theirs];
  const said = { merge: 'Merge pull request #1', squash: 'Restore web (#1)', rebase: message }[how];
  const who = ['-c', 'user.name=Forge', '-c', 'user.email=forge@example.com'];
  const commit = await repo.git(...who, 'commit-tree', tree, ...parents, '-m', said);
  await repo.git('update-ref', 'refs/heads/main', commit, theirs);
  await repo.git('update-ref', '-d', head);
}

for (const [id, how] of [
  ['merged', 'merge'],
  ['squashed', 'squash'],
  ['rebased', 'rebase'],
] as const)
  behaves(id, async (scene) => {
    await mergedBy(scene, how);
    const before = await scene.repo.git('rev-parse', 'main');
    const result = await scene.restore();
    expect(await scene.repo.git('rev-parse', 'main')).toBe(before);
    return result;
  });

test(`Pull requests: ${table['Pull requests'].open.server} → ${table['Pull requests'].open.outcome}`, async () => {
  const scene = await openScene();
  try {
    const first = await proposed(scene);
    const again = await (await scene.writer()).writer.restorePath(scene.request({ onto: head }));
    expect(again).toMatchObject({ kind: 'pushed', revision: first });
    expect(`${outcomeOf(again)}, on the branch for the pull request`).toBe(
      table['Pull requests'].open.outcome,
    );
    expect(await scene.repo.git('rev-parse', head)).toBe(first);
    expect(await scene.repo.git('rev-parse', 'main')).toBe(scene.bad);
  } finally {
    await scene.remove();
  }
});
