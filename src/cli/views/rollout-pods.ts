import type { RolloutPods, RolloutStatus, SideStatus } from '../../domain/rollout-status';
import type { View } from '../output/view';

type Field = readonly [string, string | undefined];

/** Images and counts of both versions as the last step saw them, for the header of a rollout. */
export function podFields(status: RolloutStatus, view: View): Field[] {
  const { pods } = status;
  if (pods === undefined) return [];
  const counted = (count: (side: SideStatus) => number): string => countText(pods, count, namesOf(status));
  return [
    ...imageFields(status, pods),
    ['Replicas', `counted ${view.when(pods.at)}`],
    ['  Desired', counted(({ desired }) => desired)],
    ['  Current', counted(({ current }) => current)],
    ['  Updated', String(updated(status, pods))],
    ['  Ready', counted(({ ready }) => ready)],
    ['  Available', counted(({ available }) => available)],
  ];
}

interface SideNames {
  readonly stable: string;
  readonly canary: string;
}

/** As `kubectl argo rollouts` names them; `active` has the users' requests. */
function namesOf({ spec, pods, actualWeight }: RolloutStatus): SideNames {
  if (spec.strategy.kind !== 'blueGreen') return { stable: 'stable', canary: 'canary' };
  const isSwitched = pods?.canary !== undefined && actualWeight === 100;
  return isSwitched
    ? { stable: 'stable', canary: 'active' }
    : { stable: 'stable, active', canary: 'preview' };
}

function imageFields(status: RolloutStatus, { stable, canary }: RolloutPods): Field[] {
  const names = namesOf(status);
  const images = [
    ...stable.images.map((image) => `${image} (${names.stable})`),
    ...(canary?.images ?? []).map((image) => `${image} (${names.canary})`),
  ];
  return images.map((text, index) => [index === 0 ? 'Images' : '', text]);
}

/** All pods, and in brackets those of each version while there are two. */
function countText(
  { stable, canary }: RolloutPods,
  count: (side: SideStatus) => number,
  names: SideNames,
): string {
  if (canary === undefined) return String(count(stable));
  const [first = ''] = names.stable.split(',');
  return `${count(stable) + count(canary)} (${first} ${count(stable)}, ${names.canary} ${count(canary)})`;
}

/** Pods of the new version: stable itself has it once a rollout is promoted. */
function updated({ pastReturn, outcome }: RolloutStatus, { stable, canary }: RolloutPods): number {
  if (canary !== undefined) return canary.current;
  return pastReturn || outcome?.kind === 'promoted' ? stable.current : 0;
}
