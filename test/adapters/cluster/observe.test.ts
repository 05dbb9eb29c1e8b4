import type { KubeObject, ObjectRef } from '../../../src/domain/kube-object';
import type { Cluster, Kind, WatchEvent } from '../../../src/ports/cluster';
import { connectAs, limitedToken } from '../../support/cluster-access';
import { startLab, type Lab } from '../../support/cluster-lab';
import { customKind } from '../../support/custom-kind';
import { until } from '../../support/until';

let lab: Lab;
let namespace: string;
const stop = new AbortController();
const running: Promise<void>[] = [];
beforeAll(async () => {
  lab = await startLab();
  namespace = await lab.namespace();
});
afterAll(async () => {
  stop.abort();
  await Promise.all(running);
  await lab.stop();
});

const manager = 'test';
const configMaps = { apiVersion: 'v1', kind: 'ConfigMap' };
const widgets = { apiVersion: 'example.com/v1', kind: 'Widget' };
const refOf = (name: string): ObjectRef => ({ ...configMaps, namespace, name });
function labelled(kind: Kind, name: string, label: string): KubeObject {
  return { ...kind, metadata: { name, namespace, labels: { [label]: 'yes' } } };
}

/** What is told of objects with this label: `ADDED name`, `SYNCED Kind`, `FAILED Kind Code`. */
function observe(kube: Cluster, kinds: readonly Kind[], label: string): readonly string[] {
  const seen: string[] = [];
  const onEvent = (event: WatchEvent): void => {
    if (event.type === 'SYNCED') seen.push(`SYNCED ${event.kind.kind}`);
    else if (event.type === 'FAILED') seen.push(`FAILED ${event.kind.kind} ${event.error.code}`);
    else seen.push(`${event.type} ${event.object.metadata.name}`);
  };
  running.push(kube.observe(kinds, label, onEvent, stop.signal));
  return seen;
}

it('lists every kind, then tells each change of objects with the label', async () => {
  await lab.kube.create(labelled(configMaps, 'before', 'watched'), { manager });
  const seen = observe(lab.kube, [configMaps, { apiVersion: 'v1', kind: 'Service' }], 'watched');
  await until('both are listed', () => seen.filter((each) => each.startsWith('SYNCED')).length === 2);
  expect(seen.indexOf('LISTED before')).toBeLessThan(seen.indexOf('SYNCED ConfigMap'));
  await lab.kube.create(labelled(configMaps, 'during', 'watched'), { manager });
  await lab.kube.create(labelled(configMaps, 'without', 'other'), { manager });
  await lab.kube.patch(refOf('during'), { data: { a: '1' } }, { manager });
  await lab.kube.remove(refOf('during'), { propagation: 'Background' });
  await until('the removal is told', () => seen.includes('DELETED during'));
  expect(seen.filter((each) => each.endsWith('during'))).toEqual([
    'ADDED during',
    'MODIFIED during',
    'DELETED during',
  ]);
  expect(seen.filter((each) => each.endsWith('without'))).toEqual([]);
});

it('says which kind is forbidden, and watches the others', async () => {
  const limited = await connectAs(lab, { token: await limitedToken(lab, 'observer') });
  const seen = observe(limited, [configMaps, { apiVersion: 'v1', kind: 'Secret' }], 'limited');
  await until('one is listed, one refused', () => seen.length >= 2);
  await lab.kube.create(labelled(configMaps, 'allowed', 'limited'), { manager });
  await until('the change is told', () => seen.includes('ADDED allowed'));
  expect(seen).toEqual(expect.arrayContaining(['FAILED Secret Forbidden', 'SYNCED ConfigMap']));
});

it('watches a kind as soon as it is there, and says so when it has gone', async () => {
  const seen = observe(lab.kube, [configMaps, widgets], 'kinds');
  await until('the kind is not known', () => seen.includes('FAILED Widget KindNotFound'));
  const definition = await lab.kube.create(customKind('example.com', 'v1', 'Widget'), { manager });
  await until('it is listed', () => seen.includes('SYNCED Widget'));
  await lab.kube.create(labelled(widgets, 'first', 'kinds'), { manager });
  await until('its object is told', () => seen.includes('ADDED first'));
  await lab.kube.remove({ ...definition, name: definition.metadata.name }, { propagation: 'Background' });
  await until('the kind is not there any more', () =>
    seen
      .slice(seen.indexOf('ADDED first'))
      .some((each) => /^FAILED Widget (NotFound|KindNotFound)$/.test(each)),
  );
  await lab.kube.create(labelled(configMaps, 'after', 'kinds'), { manager });
  await until('the others are still watched', () => seen.includes('ADDED after'));
});
