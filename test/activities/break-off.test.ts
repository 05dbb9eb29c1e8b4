import { breakOff, type Broken } from '../../src/activities/break-off';
import { recallApplication } from '../../src/activities/recall';
import type { RolloutSpec } from '../../src/domain/rollout-status';
import { openBench, type Bench } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { noTraffic } from '../../src/domain/routing/traffic';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
}, 120_000);
afterAll(() => lab.stop());

interface Done {
  readonly ended: Broken;
  readonly said: readonly string[];
  readonly marked: () => number;
}

async function breakIt(spec: RolloutSpec): Promise<Done> {
  const said: string[] = [];
  let marks = 0;
  const ended = await breakOff(lab.kube, {
    spec,
    by: 'ada: slow',
    mark: async () => void (marks += 1),
    signal: AbortSignal.timeout(50_000),
    say: (line) => said.push(line),
  });
  return { ended, said, marked: () => marks };
}

const place = ({ app }: Bench) => ({ application: app.name, namespace: app.destination.namespace });

/** A canary of half of the pods. */
async function half(): Promise<{ readonly bench: Bench; readonly spec: RolloutSpec }> {
  const bench = await openBench(lab, { roles: true });
  const next = bench.rollout({ image: 'v2', roles: true });
  const spec: RolloutSpec = {
    ...next,
    target: { ...next.target, application: bench.app.name, namespace: bench.namespace },
  };
  await run(bench.worker.startCanary, bench.step(spec));
  await bench.weigh(spec, 50);
  return { bench, spec };
}

test('the traffic is back, no canary is left and stable is whole; done twice it is the same', async () => {
  const { bench, spec } = await half();
  const found = await recallApplication(lab.kube, place(bench));
  expect(found.state.interrupted).toEqual({ web: JSON.parse(JSON.stringify(spec)) as unknown });
  const { ended, said, marked } = await breakIt(spec);
  expect(ended).toEqual({ kind: 'back' });
  expect(marked()).toBe(1);
  expect(said).toEqual(expect.arrayContaining(['all traffic is back on the stable version']));
  const web = await bench.deployment();
  expect([web.spec.paused ?? false, web.spec.replicas, web.status?.availableReplicas]).toEqual([false, 4, 4]);
  expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
  const service = await bench.get('Service', 'web-stable');
  expect(JSON.stringify(service?.['spec'])).not.toContain('pod-template-hash');
  expect((await recallApplication(lab.kube, place(bench))).state.interrupted).toBeUndefined();
  expect((await breakIt(spec)).ended).toEqual({ kind: 'back' });
});

test('a worker that still lives stops, and is told by whom', async () => {
  const { bench, spec } = await half();
  await breakIt(spec);
  const late = run(bench.worker.reachWeight, {
    ...bench.step(spec),
    traffic: { ...noTraffic, weight: 100 },
  });
  await expect(late).rejects.toMatchObject({
    type: 'Fenced',
    nonRetryable: true,
    details: [{ by: 'ada: slow', found: spec.number * 10_000 + 9_000 }],
  });
  expect(await bench.get('Deployment', 'web-canary')).toBeUndefined();
});

test('past the point of no return nothing is touched', async () => {
  const { bench, spec } = await half();
  /** What somebody has written; controllers go on with the status and their own annotation. */
  const written = async () => {
    const { spec: wanted, metadata } = await bench.deployment();
    const ours = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith('belay.dev/'));
    return JSON.stringify([wanted, ours]);
  };
  await bench.weigh(spec, 100);
  await bench.promote(spec);
  const before = await written();
  const { ended, marked } = await breakIt(spec);
  expect(ended).toMatchObject({ kind: 'refused', message: expect.stringContaining('kubectl rollout undo') });
  expect([marked(), await written()]).toEqual([0, before]);
});

test('pods that are replaced in place are left, with the command that brings them back', async () => {
  const bench = await openBench(lab);
  const { ended, marked } = await breakIt({ ...bench.rollout({}), kind: 'StatefulSet' });
  expect(ended).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining(`kubectl rollout undo statefulset/web -n ${bench.namespace}`),
  });
  expect(marked()).toBe(0);
});
