import type { HoldCode } from '../../src/domain/application-state';
import type { ApplicationStatus } from '../../src/domain/application-status';
import type { ProblemCode } from '../../src/domain/problem';
import type { Story } from './model-stories';
import type { World } from './model-world';
import { revisionOf } from './workflow-fakes';

/** Reasons that a story may end with; the other codes of both lists need what no story has. */
const holds: readonly HoldCode[] = [
  'RevertRefused',
  'TooManyReverts',
  'GoodFailsToo',
  'StableAlsoFails',
  'FirstDeploymentFailed',
  'Quarantined',
  'OutsidePath',
];
const problems: readonly ProblemCode[] = [
  'Unreachable',
  'Forbidden',
  'CheckFailed',
  'Invalid',
  'InvalidSpec',
];

/** What is wrong with the end of a story in which anything may have happened. */
export function finalFaults({ git, cluster }: World, status: ApplicationStatus): string[] {
  const { sync, health, state, message } = status;
  const { hold, problems: found } = state;
  const isGood = sync === 'Synced' && health === 'Healthy' && hold === undefined;
  const stable = cluster.of('web').stable;
  const named =
    hold === undefined ? found.every(({ code }) => problems.includes(code)) : holds.includes(hold.code);
  const hasReason = hold !== undefined || found.length > 0;
  return [
    ...cluster.left(),
    ...(isGood || hasReason ? [] : [`it ends ${sync}, ${health} without a reason: ${message}`]),
    ...(isGood || named ? [] : [`the reason is in no list: ${hold?.code ?? found[0]?.code}`]),
    ...(isGood && stable !== git.head.content.versions['web']
      ? [`it says Synced and Healthy, and ${stable} runs where Git has ${git.head.content.versions['web']}`]
      : []),
    ...[...git.reverts()].filter(([, count]) => count > 1).map(([of, count]) => `${count} reverts of ${of}`),
    ...(cluster.drift.size > 0 && isGood ? ['it says Synced, and drift is left'] : []),
  ];
}

/** What differs from the end that a story has when nothing goes wrong: faults that pass leave no trace. */
export function otherEnd({ ends }: Story, { git, cluster }: World): readonly string[] {
  const { stable } = cluster.of('web');
  const reverts = [...git.reverts().values()].reduce((sum, each) => sum + each, 0);
  return [
    ...(stable === ends.stable ? [] : [`${stable} runs instead of ${ends.stable}`]),
    ...(reverts === ends.reverts ? [] : [`${reverts} reverts instead of ${ends.reverts}`]),
    ...(ends.head === undefined || git.head.revision === revisionOf(ends.head)
      ? []
      : [`Git is at ${git.head.revision} instead of ${ends.head}`]),
  ];
}
