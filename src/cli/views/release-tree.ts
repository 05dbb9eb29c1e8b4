import { shortRevision } from '../../domain/explain-time';
import { messageOf } from '../../domain/release/message';
import { membersOf } from '../../domain/release/progress';
import type { MemberState, ReleaseState } from '../../domain/release/state';
import { stageIcon, withIcon } from '../output/icons';
import { oneLine, table } from '../output/table';
import type { View } from '../output/view';
import { treeRows, type TreeNode } from './tree';

/**
 * The members of a release by waves: how far each is, since when, and what it waits for. Where there is one wave, members stand right below
 * the release.
 */
export function releaseTree(state: ReleaseState, view: View, wide = false): string[] {
  const members = membersOf(state);
  if (members.length === 0) return [];
  const node = (member: MemberState) => memberNode(state, member, { view, wide });
  const waves = [...new Set(members.map(({ wave }) => wave))];
  const nodes =
    waves.length === 1
      ? members.map(node)
      : waves.map((wave): TreeNode => ({
          cells: [`wave ${wave + 1}`],
          children: members.filter((each) => each.wave === wave).map(node),
        }));
  const root = [`⟳ ${state.spec.name}`, withIcon(state.phase, view.style)];
  const heads = ['MEMBER', 'STATE', 'REVISION', 'SINCE', ...(wide ? ['TOLD', 'DEPENDS ON'] : []), 'MESSAGE'];
  return ['', ...table([heads, root, ...treeRows(nodes)].map((row) => row.map(oneLine)))];
}

function memberNode(
  state: ReleaseState,
  member: MemberState,
  { view, wide }: { readonly view: View; readonly wide: boolean },
): TreeNode {
  const { application, stage, revision, since, want, dependsOn } = member;
  return {
    cells: [
      `${stageIcon(stage, view.style)} ${application}`,
      stage,
      shortRevision(revision),
      view.when(since),
      ...(wide ? [want ?? '-', dependsOn.length === 0 ? '-' : dependsOn.join(', ')] : []),
      messageOf(state, application),
    ],
  };
}
