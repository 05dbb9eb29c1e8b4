import type { PlannedMember, PlannedRelease } from '../../client';
import { shortRevision } from '../../domain/explain-time';
import { describeProblem } from '../../domain/problem';
import { few } from '../../domain/few';
import { oneLine, table } from '../output/table';
import type { Style } from '../output/style';
import { optionsText } from './release-words';
import { treeRows, type TreeNode } from './tree';

/** Objects of a member that are listed. */
const objectsShown = 20;

const signs = { changed: '~', missing: '+', extra: '-' } as const;

/** What a release would do: who comes out in which order, from where to where, and what goes back if one fails. */
export function releasePlanView(planned: PlannedRelease, style: Style): string[] {
  const { name, problems, options, members, unchanged } = planned;
  if (problems.length > 0)
    return [
      ...problems.map((each) => style.bad(`✖ ${oneLine(describeProblem(each))}`)),
      `${name}: cannot be released: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    ];
  const lines =
    members.length === 0 ? [] : [...planTable(planned), ...members.flatMap((each) => objects(each, style))];
  const same = unchanged.length === 0 ? [] : [style.dim(`nothing new: ${few(unchanged)}`)];
  return [...lines, ...(lines.length === 0 ? [] : ['']), ...same, summary(name, members, options)];
}

function planTable({ members, options }: PlannedRelease): string[] {
  const waves = options?.mode === 'lockstep' ? [] : [...new Set(members.map(({ wave }) => wave))];
  const node = (member: PlannedMember) => memberNode(member, members);
  const nodes =
    waves.length <= 1
      ? members.map(node)
      : waves.map((wave): TreeNode => ({
          cells: [`wave ${wave + 1}`],
          children: members.filter((each) => each.wave === wave).map(node),
        }));
  const heads = ['MEMBER', 'FROM', 'TO', 'AFTER', 'IF IT FAILS, THIS GOES BACK'];
  return table([heads, ...treeRows(nodes)].map((row) => row.map(oneLine)));
}

function memberNode(member: PlannedMember, all: readonly PlannedMember[]): TreeNode {
  const { application, from, to, dependsOn, goesBack, unanswered } = member;
  const after = dependsOn.filter((each) => all.some((other) => other.application === each));
  const was = unanswered === undefined ? 'nothing' : '?';
  return {
    cells: [
      application,
      from === undefined ? was : shortRevision(from),
      shortRevision(to),
      after.length === 0 ? '-' : few(after),
      backText(member, goesBack, all),
    ],
  };
}

function backText(
  { application }: PlannedMember,
  goesBack: readonly string[],
  all: readonly PlannedMember[],
): string {
  if (goesBack.length === all.length && all.length > 1) return `all ${all.length}`;
  const others = goesBack.filter((each) => each !== application);
  return others.length === 0 ? 'it alone' : `it and ${few(others)}`;
}

function objects({ application, diff, check, unanswered }: PlannedMember, style: Style): string[] {
  if (unanswered !== undefined)
    return ['', style.busy(`${application}: could not be looked at: ${oneLine(unanswered)}`)];
  if (diff === undefined) return [];
  const count = diff.objects.length + (diff.moreObjects ?? 0);
  const shown = diff.objects.slice(0, objectsShown);
  const problems = [...new Set([...(check?.problems ?? []), ...diff.problems].map(describeProblem))];
  return [
    '',
    style.bold(`${application}: ${count} ${count === 1 ? 'object' : 'objects'} would change`),
    ...shown.map(({ object, change }) => `  ${signs[change]} ${oneLine(object)}`),
    ...(count > shown.length ? [`  and ${count - shown.length} more`] : []),
    ...problems.map((each) => style.bad(`  ✖ ${oneLine(each)}`)),
    ...(check?.warnings ?? []).map((each) => style.busy(`  ! ${oneLine(describeProblem(each))}`)),
  ];
}

function summary(
  name: string,
  members: readonly PlannedMember[],
  options: PlannedRelease['options'],
): string {
  if (members.length === 0) return `${name}: nothing to release: every member has what Git says`;
  const count = members.length === 1 ? '1 member' : `${members.length} members`;
  const refused = members.filter(({ check }) => (check?.problems ?? []).length > 0).length;
  const manual = members.filter(({ isAutomated }) => !isAutomated).length;
  const how = options === undefined ? '' : ` (${optionsText(options)})`;
  const ask = manual === 0 ? '' : `; ${manual} without automated sync: \`belay release start ${name}\``;
  const would = refused === 0 ? 'would come out' : `would come out, and ${refused} of them would be refused`;
  return `${name}: ${count} ${would}${how}${ask}`;
}
