import { brokenInCluster, brokenForPods } from './promises-cluster';
import { brokenInGit } from './promises-git';
import { brokenInHistories } from './promises-history';
import type { Expected, SeenApplication, View } from './view';

/** A promise that did not hold: which one, and what was found instead. */
export interface Broken {
  readonly promise: string;
  readonly found: string;
}

/** Compares what a story has left behind with how it had to end (DESIGN section 1); an empty list: every promise held. */
export function brokenPromises(view: View, expected: Expected): readonly Broken[] {
  return [
    ...brokenInCluster(view.cluster, expected),
    ...brokenForPods(view.pods, expected),
    ...brokenInGit(view.git, expected),
    ...brokenForApplication(view.application),
    ...brokenInHistories(view.histories),
  ];
}

function brokenForApplication(application: SeenApplication | undefined): readonly Broken[] {
  if (application === undefined) return [{ promise: 'the application answers', found: 'it does not' }];
  const { sync, health, held, isBusy, message } = application;
  const isSettled = sync === 'Synced' && health === 'Healthy' && !held && !isBusy;
  if (isSettled) return [];
  const words = [sync, health, ...(held ? ['held'] : []), ...(isBusy ? ['busy'] : [])].join(', ');
  return [{ promise: 'the application is Synced and Healthy and idle', found: `${words}: ${message}` }];
}
