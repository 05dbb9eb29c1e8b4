import { gitChecks, noticed, rolloutChecks, statusCheck } from '../../domain/drill/checks';
import { scorecardOf, type Check, type ProbeCount, type Scorecard } from '../../domain/drill/scorecard';
import type { DrillClone } from './clone';
import type { DrillRequest } from './plan-drill';
import { revertsOf } from './reverts';
import type { DrillSeen } from './watch-drill';
import type { MemberSeen } from './watch-member';

/** What a drill has done, and what it knows of Git from before. */
export interface Drilled {
  readonly request: DrillRequest;
  readonly isRelease: boolean;
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly revision: string;
  /** Paths with their trees before the drill. */
  readonly trees: ReadonlyMap<string, string>;
  /** Applications that follow the drilled branch. */
  readonly reached: readonly string[];
}

/** The scorecard, of what was seen by statuses and of what lies in Git now. */
export async function cardOf(
  clone: DrillClone,
  { request, isRelease, branch, revision, trees, reached }: Drilled,
  { end, timeline, restoreMs, members }: DrillSeen,
  probe: ProbeCount | undefined,
): Promise<Scorecard> {
  const head = await clone.head();
  const [faulty] = members;
  const git: Check[] = [];
  for (const [path, goodTree] of trees) {
    const [content, once] = gitChecks({
      path,
      goodTree,
      tree: await clone.tree(head, path),
      reverts: await revertsOf(clone, revision),
    });
    git.push(content);
    if (path === [...trees.keys()].at(-1)) git.push(once);
  }
  const named = ({ name }: MemberSeen, checks: readonly Check[]): readonly Check[] =>
    isRelease ? checks.map((check) => ({ application: name, ...check })) : checks;
  return scorecardOf({
    drill: { id: request.id, subject: request.name, fault: request.fault, branch, revision },
    end,
    timeline,
    restoreMs,
    probe,
    checks: [
      ...(faulty?.status === undefined
        ? []
        : named(faulty, [noticed(end, faulty.status, [...faulty.rollouts.values()])])),
      ...members.flatMap((each) => named(each, [...each.rollouts.values()].flatMap(rolloutChecks))),
      ...git,
      ...members.flatMap((each) =>
        each.status === undefined
          ? []
          : named(each, [statusCheck(each.status, reached.includes(each.name) ? head : undefined)]),
      ),
    ],
  });
}
