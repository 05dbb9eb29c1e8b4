import { brokenTag, imageName, planFault, type DrillFault } from '../../../src/domain/drill/fault';
import { jsonPatchOf } from '../../../src/domain/drill/json-patch';

const at = ['spec', 'template', 'spec', 'containers', 0];

function workload(container: object, ...others: readonly object[]) {
  return { kind: 'Deployment', spec: { template: { spec: { containers: [container, ...others] } } } };
}

function plan(fault: DrillFault, container: object, env: Readonly<Record<string, string>> = {}) {
  return planFault(workload({ name: 'web', image: 'shop/web:1', ...container }), { fault, id: '7f', env });
}

test.each([
  ['web', 'web'],
  ['web:1', 'web'],
  ['registry.example:5000/shop/web', 'registry.example:5000/shop/web'],
  ['registry.example:5000/shop/web:1.2', 'registry.example:5000/shop/web'],
  [`shop/web:1@sha256:${'0'.repeat(64)}`, 'shop/web'],
  [`shop/web@sha256:${'0'.repeat(64)}`, 'shop/web'],
])('the name of the image %s is %s', (image, name) => {
  expect(imageName(image)).toBe(name);
});

test.each<[string, DrillFault, object, unknown]>([
  [
    'a tag that nobody has pushed',
    'image',
    {},
    [{ path: [...at, 'image'], value: 'shop/web:belay-drill-broken-7f' }],
  ],
  [
    'no configuration so far',
    'config',
    {},
    [{ path: [...at, 'envFrom'], value: [{ configMapRef: { name: 'belay-drill-7f-missing' } }] }],
  ],
  [
    'one more configuration',
    'config',
    { envFrom: [{ secretRef: { name: 'a' } }] },
    [{ path: [...at, 'envFrom', 1], value: { configMapRef: { name: 'belay-drill-7f-missing' } } }],
  ],
  [
    'a command in the place of the old one',
    'crash',
    { command: ['/serve'], args: ['--all'] },
    [
      {
        path: [...at, 'command'],
        value: ['/bin/sh', '-c', 'echo "Belay drill 7f: ends on purpose" >&2; exit 1'],
      },
    ],
  ],
])('%s', (_what, fault, container, value) => {
  expect(plan(fault, container)).toEqual({ ok: true, value });
});

test('variables that are there get the new value in their place, the others come after them', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'FAULT', valueFrom: { fieldRef: {} } },
  ];
  expect(plan('errors', { env }, { FAULT: 'errors:50', MORE: 'x' })).toEqual({
    ok: true,
    value: [
      { path: [...at, 'env', 1], value: { name: 'FAULT', value: 'errors:50' } },
      { path: [...at, 'env', 2], value: { name: 'MORE', value: 'x' } },
      { path: [...at, 'env', 3], value: { name: 'BELAY_DRILL', value: '7f' } },
    ],
  });
});

test('each drill makes a version of its own, by its id', () => {
  const faults: readonly DrillFault[] = ['image', 'config', 'crash', 'latency', 'errors'];
  for (const fault of faults) expect(JSON.stringify(plan(fault, {}, { SLOW: 'yes' }))).toContain('7f');
  expect(brokenTag('a')).not.toBe(brokenTag('b'));
});

test.each<[DrillFault, object, string, string]>([
  ['latency', {}, 'what makes this program show latency is not known', '--set-env'],
  ['errors', {}, 'what makes this program show errors is not known', '--set-env'],
  ['image', { image: undefined }, 'the container has no image here', 'another fault'],
])('%s is refused by name where it cannot be made', (fault, container, message, remedy) => {
  expect(plan(fault, container)).toMatchObject({
    ok: false,
    problems: [{ code: 'Unsupported', message, remedy: expect.stringContaining(remedy) }],
  });
});

test('a container that is named is the one that is broken, or refused with those that are there', () => {
  const object = workload({ name: 'proxy', image: 'proxy:1' }, { name: 'web', image: 'web:1' });
  const request = { fault: 'image', id: '7f', env: {} } as const;
  const second = ['spec', 'template', 'spec', 'containers', 1, 'image'];
  expect(planFault(object, { ...request, container: 'web' })).toMatchObject({ value: [{ path: second }] });
  expect(planFault(object, { ...request, container: 'wbe' })).toMatchObject({
    problems: [{ message: 'there is no container wbe', remedy: 'name one of proxy, web' }],
  });
});

test('a patch tests that it meets the container, adds to lists at their end, and replaces what is there', () => {
  const object = workload({ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] });
  const edits = [
    { path: [...at, 'env', 0], value: { name: 'A', value: '2' } },
    { path: [...at, 'env', 1], value: { name: 'B', value: '3' } },
    { path: [...at, 'command'], value: ['false'] },
    { path: [...at, 'image'], value: 'web:2' },
  ];
  const container = '/spec/template/spec/containers/0';
  expect(jsonPatchOf(object, edits)).toEqual([
    { op: 'test', path: `${container}/name`, value: 'web' },
    { op: 'replace', path: `${container}/env/0`, value: { name: 'A', value: '2' } },
    { op: 'add', path: `${container}/env/-`, value: { name: 'B', value: '3' } },
    { op: 'add', path: `${container}/command`, value: ['false'] },
    { op: 'replace', path: `${container}/image`, value: 'web:2' },
  ]);
});

test.each<[string, object | undefined, unknown]>([
  [
    'no metadata',
    undefined,
    { path: ['spec', 'template', 'metadata'], value: { annotations: { 'belay.dev/drill': '7f' } } },
  ],
  [
    'no annotations',
    { labels: {} },
    { path: ['spec', 'template', 'metadata', 'annotations'], value: { 'belay.dev/drill': '7f' } },
  ],
  [
    'annotations',
    { annotations: { a: 'b' } },
    { path: ['spec', 'template', 'metadata', 'annotations', 'belay.dev/drill'], value: '7f' },
  ],
])('what shall only move gets an annotation where there are %s', (_what, metadata, edit) => {
  const object = { spec: { template: { ...(metadata === undefined ? {} : { metadata }) } } };
  const planned = planFault(object, { fault: 'none', id: '7f', env: {} });
  expect(planFault(object, { fault: 'experiment', id: '7f', env: {} })).toEqual(planned);
  expect(planned).toEqual({ ok: true, value: [edit] });
  expect(jsonPatchOf(object, planned.ok ? planned.value : [])).toMatchObject([{ op: 'add' }]);
});
