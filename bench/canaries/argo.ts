import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../src/activities/parallel';
import { setArgoStage, type ArgoStage } from './argo-stage';
import { ArgoWatch } from './argo-watch';
import type { Moved } from './figures';
import { nameOf, namespace, rolloutOf } from './manifests';
import { costsOf } from './measure';
import type { Options } from './options';
import { beyondPauses } from './step-times';

/** How Argo Rollouts is run: as it comes, and without its brake. */
export const argoWays: readonly { readonly title: string; readonly flags: readonly string[] }[] = [
  { title: 'Argo Rollouts', flags: [] },
  {
    title: 'Argo Rollouts --qps 1000 --burst 2000 --rollout-threads 40',
    flags: ['--qps=1000', '--burst=2000', '--rollout-threads=40'],
  },
];

/** Gives Argo Rollouts the same load: all Rollouts at a first version, then all at a second one at once. */
export async function moveWithArgo(
  options: Options,
  argo: NonNullable<Options['argo']>,
  { title, flags }: (typeof argoWays)[number],
  say: (line: string) => void,
): Promise<Moved> {
  const stage = await setArgoStage(argo, flags, say);
  const watch = new ArgoWatch(stage.kube);
  try {
    say(`${title}: the first version`);
    await stage.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await applyAll(stage, options, 1);
    await watch.whenHealthy(options.number);
    await sleep(5_000);
    say('the second version, all at once');
    watch.begin();
    const { done, ...costs } = await costsOf(stage, async () => {
      const at = performance.now();
      await applyAll(stage, options, 2);
      const { half, all } = await watch.whenHealthy(options.number);
      return { half: (half - at) / 1_000, all: (all - at) / 1_000 };
    });
    return {
      ...costs,
      system: title,
      seconds: done.all,
      half: done.half,
      peak: stage.usage().controller.peak,
      steps: watch.reached().flatMap(beyondPauses),
    };
  } finally {
    watch.close();
    await stage.strike();
  }
}

/** As `kubectl apply` does, but sixteen at a time, which is quicker. */
async function applyAll(stage: ArgoStage, { number, replicas }: Options, version: number): Promise<void> {
  const names = Array.from({ length: number }, (_, index) => nameOf(index));
  await inParallel(16, names, async (name) => {
    const rollout = rolloutOf(name, { version, replicas });
    await stage.apply({ ...rollout, metadata: { ...rollout.metadata, namespace } });
  });
}
