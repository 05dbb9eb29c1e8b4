import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../../src/domain/kube-object';
import type { Cluster, NamespaceView } from '../../../src/ports/cluster';
import { connectAs } from '../../support/cluster-access';
import { startLab, type Lab } from '../../support/cluster-lab';
import { openLine, type Line } from '../../support/cluster-line';
import { until } from '../../support/until';

let lab: Lab;
let line: Line;
let kube: Cluster;
let namespace: string;
beforeAll(async () => {
  lab = await startLab();
  line = await openLine(lab.local.server);
  kube = await connectAs(lab, { server: line.url });
});
beforeEach(async () => {
  namespace = await lab.namespace();
});
afterAll(async () => {
  kube.close();
  await line.close();
  await lab.stop();
});

const manager = 'test';
function service(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ port: 80 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec };
}
function label(name: string, value: string): Promise<KubeObject> {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace, name };
  return lab.kube.patch(ref, { metadata: { labels: { value } } }, { manager });
}
function names(view: NamespaceView): readonly string[] {
  return view.objects('Service').map((each) => each.metadata.name);
}
async function open(): Promise<NamespaceView> {
  const view = kube.view(namespace);
  await view.ready();
  return view;
}

describe('a live view', () => {
  it('has what was there before it, and sees what is added, changed and deleted', async () => {
    await lab.kube.create(service('a'), { manager });
    const view = await open();
    expect(view.objects('Service')).toMatchObject([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } },
    ]);
    await lab.kube.create(service('b'), { manager });
    await until('b is there', () => names(view).includes('b'));
    await label('a', 'new');
    await until('a is changed', () =>
      view.objects('Service').some((each) => each.metadata.labels?.['value'] === 'new'),
    );
    await lab.kube.remove(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'a' },
      { propagation: 'Background' },
    );
    await until('a is gone', () => !names(view).includes('a'));
    view.close();
  });

  it('wakes whoever waits for a change, and lets the others go after their time', async () => {
    const view = await open();
    const started = Date.now();
    await view.change(50);
    expect(Date.now() - started).toBeGreaterThanOrEqual(45);
    const woken = view.change(20_000).then(() => 'woken');
    await lab.kube.create(service('a'), { manager });
    expect(await Promise.race([woken, sleep(10_000, 'asleep')])).toBe('woken');
    view.close();
  });

  it('sees own writes at once, and takes no older event for them', async () => {
    const view = await open();
    const first = await lab.kube.create(service('a'), { manager });
    const second = await label('a', 'second');
    view.note(second);
    view.note(first);
    const values: (string | undefined)[] = [];
    for (let looks = 0; looks < 20; looks++) {
      values.push(view.objects('Service')[0]?.metadata.labels?.['value']);
      await view.change(20);
    }
    expect(new Set(values)).toEqual(new Set(['second']));
    view.close();
  });

  it('is right again after all connections were dropped for two seconds', async () => {
    await lab.kube.create(service('gone'), { manager });
    const view = await open();
    line.cut();
    await lab.kube.remove(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'gone' },
      { propagation: 'Background' },
    );
    await lab.kube.create(service('new'), { manager });
    await sleep(2_000);
    expect(names(view)).toEqual(['gone']);
    line.mend();
    await until('it has caught up', () => names(view).join() === 'new');
    await lab.kube.create(service('newer'), { manager });
    await until('it goes on', () => names(view).includes('newer'));
    view.close();
  });

  it('is one set of watches for all its users', async () => {
    const first = await open();
    const before = line.opened();
    const second = await open();
    expect(line.opened()).toBe(before);
    first.close();
    await lab.kube.create(service('a'), { manager });
    await until('the other one still sees', () => names(second).includes('a'));
    second.close();
  });
});
