import type { Broken } from './promises';
import type { Expected, SeenGit } from './view';

/** The path is as it must be; a bad revision was reverted by exactly one commit, and where there was none Belay wrote nothing. */
export function brokenInGit({ tree, wantedTree, after }: SeenGit, { bad }: Expected): readonly Broken[] {
  const listed = after.map(
    (each) => `${each.revision.slice(0, 12)} (${each.bad?.slice(0, 12) ?? 'no trailer'})`,
  );
  const found = `${after.length}: ${listed.join(', ')}`;
  const wantedTrees =
    tree === wantedTree ? [] : [{ promise: "Git's path equals the last good tree", found: `tree ${tree}` }];
  if (bad === undefined)
    return [
      ...wantedTrees,
      ...(after.length === 0 ? [] : [{ promise: 'Belay commits nothing without a reason', found }]),
    ];
  const reverts = after.filter((each) => each.bad === bad);
  const runs = new Set(after.flatMap((each) => each.runs));
  return [
    ...wantedTrees,
    ...(after.length === 1 && reverts.length === 1
      ? []
      : [{ promise: 'exactly one commit reverts the bad revision', found }]),
    ...(runs.size === after.length
      ? []
      : [{ promise: 'every revert has a run of its own', found: `${runs.size} runs in ${found}` }]),
  ];
}
