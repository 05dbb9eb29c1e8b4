import { setTimeout as sleep } from 'node:timers/promises';
import { lookSignal, repositoryObserverId } from '../../src/messages/observer';
import type { Applications } from './applications';
import { watchSettings } from './live-settings';
import { nameOf } from './manifests';
import { whenSynced } from './synced';

const betweenMs = 500;

/** Milliseconds from a push to the first write in the cluster, of one application after the other. */
export async function pushLatencies(
  applications: Applications,
  { pushes, isHinted }: { readonly pushes: number; readonly isHinted: boolean },
): Promise<readonly number[]> {
  const { stage, repository, count } = applications;
  const live = watchSettings(stage.kube);
  const observer = stage.temporal.workflow.getHandle(repositoryObserverId(repository.url));
  const latencies: number[] = [];
  try {
    for (let turn = 0; turn < pushes; turn += 1) {
      // Spread over all of them: those that are told last are not the ones that are measured first.
      const index = Math.floor(((turn + 0.5) * count) / pushes) % count;
      const { setting, revision, at } = await applications.changeOne(index);
      if (isHinted) await observer.signal(lookSignal);
      latencies.push((await live.when(nameOf(index), setting)) - at);
      await whenSynced(stage, revision, count);
      // So that a poll does not come at the same moment after every push.
      await sleep(betweenMs + Math.random() * 2_000);
    }
  } finally {
    live.close();
  }
  return latencies;
}

/** Milliseconds from an edit of a live object by somebody else until it is as in Git again. */
export async function healLatencies(applications: Applications, edits: number): Promise<readonly number[]> {
  const { stage, count } = applications;
  const live = watchSettings(stage.kube);
  const latencies: number[] = [];
  try {
    for (let turn = 0; turn < edits; turn += 1) {
      const index = Math.floor(((turn + 0.5) * count) / edits) % count;
      const namespace = nameOf(index);
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' };
      const wrong = `edited ${turn}`;
      const edited = live.when(namespace, wrong);
      await stage.kube.patch(ref, { data: { setting: wrong } }, { manager: 'kubectl-edit' });
      const at = performance.now();
      await edited;
      latencies.push((await live.when(namespace, applications.settingOf(index))) - at);
      await sleep(betweenMs);
    }
  } finally {
    live.close();
  }
  return latencies;
}
