import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster, NamespaceView } from '../../src/ports/cluster';
import { openBench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

/** A view of which others have had the watch for long, and which has not heard of the newest write yet. */
function lagging(namespace: string, before: readonly KubeObject[], ms: number): Cluster['view'] {
  return (_namespace, kinds): NamespaceView => {
    const live = lab.kube.view(namespace, kinds);
    const noted = new Map<string, KubeObject>();
    const end = Date.now() + ms;
    return {
      ready: (signal) => live.ready(signal),
      objects: (kind) =>
        kind === 'Deployment' && Date.now() < end
          ? before.map((each) => noted.get(each.metadata.name) ?? each)
          : live.objects(kind),
      note: (object) => {
        if (object.kind === 'Deployment') noted.set(object.metadata.name, object);
        live.note(object);
      },
      change: (wait, signal) => live.change(Math.min(wait, 100), signal),
      close: () => live.close(),
    };
  };
}

it('does not take the state from before its own write for the end of the roll', async () => {
  const bench = await openBench(lab);
  const before = await lab.kube.list(
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { namespace: bench.namespace },
  );
  const worker = lab.worker({ view: lagging(bench.namespace, before, 1_500) });
  const spec = bench.rollout({ image: 'v2', behavior: 'image-pull' });
  const rolled = await run(worker.rollWorkload, { ...bench.step(spec), to: 'target' });
  expect(rolled).toMatchObject({ kind: 'failed', failure: { code: 'ImagePull' } });
});
