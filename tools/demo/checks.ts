import type { Cast } from './cast';
import type { DemoRepository } from './repository';
import type { Stage } from './stage';
import type { Timeline } from './timeline';

/** What every chapter plays with. */
export interface Play {
  readonly stage: Stage;
  readonly repository: DemoRepository;
  readonly cast: Cast;
  readonly time: Timeline;
}

export async function healthyAt({ cast }: Pick<Play, 'cast'>, revision: string) {
  return cast.until(`Healthy at ${revision.slice(0, 7)}`, async () => {
    const status = await cast.app();
    return status.state.synced === revision && status.health === 'Healthy' && status.operation === undefined
      ? status
      : undefined;
  });
}

export async function backAgain({ cast }: Pick<Play, 'cast'>, bad: string) {
  return cast.until('everything is back', async () => {
    const status = await cast.app().catch(() => undefined); // no worker answers while it is killed
    const isBack =
      status?.state.lastRevert?.bad === bad &&
      status.health === 'Healthy' &&
      status.sync === 'Synced' &&
      status.operation === undefined;
    return isBack ? status : undefined;
  });
}

export function checkReverted({
  repository,
  time,
  good,
  bad,
}: {
  repository: DemoRepository;
  time: Timeline;
  good: string;
  bad: string;
}): void {
  const commits = repository.git('rev-list', '--count', `${bad}..main`);
  time.check('exactly one revert commit on top of the bad one', commits === '1', commits);
  const isEqual =
    repository.git('rev-parse', 'main:k8-manifests') === repository.git('rev-parse', `${good}:k8-manifests`);
  time.check("Git's path equals the last good tree", isEqual);
}

export function isOnlyWeb(cast: Cast): boolean {
  return cast.deployments().join() === 'web';
}

export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
