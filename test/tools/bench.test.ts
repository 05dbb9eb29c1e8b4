import { filesOf, nameOf } from '../../bench/gitops/manifests';
import { readOptions } from '../../bench/gitops/options';
import type { Phase } from '../../bench/gitops/phase';
import { goals, report, type Figures } from '../../bench/gitops/report';
import { requestsByVerb } from '../../bench/gitops/server-metrics';
import { percentile, risen, sum } from '../../bench/gitops/statistics';
import { verbOf } from '../../bench/gitops/verbs';

test.each<[string, string, string]>([
  ['GET', '/api/v1/namespaces/shop/configmaps/settings', 'get configmaps'],
  ['GET', '/api/v1/namespaces/kube-system', 'get namespaces'],
  ['GET', '/api/v1/configmaps?labelSelector=a', 'list configmaps'],
  ['GET', '/apis/apps/v1/deployments?watch=true', 'watch deployments'],
  ['GET', '/apis/apps/v1', 'list discovery'],
  [
    'PATCH',
    '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=belay&force=true',
    'apply deployments',
  ],
  [
    'PATCH',
    '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=belay&force=true&dryRun=All',
    'dry-run apply deployments',
  ],
  ['PATCH', '/api/v1/namespaces/shop/services/web', 'patch services'],
  ['DELETE', '/api/v1/namespaces/shop/pods/web', 'delete pods'],
])('%s %s is counted as %s', (method, path, verb) => {
  expect(verbOf(method, path)).toBe(verb);
});

test.each<[readonly number[], number, number]>([
  [[3, 1, 2], 0.5, 2],
  [[3, 1, 2], 0.95, 3],
  [Array.from({ length: 20 }, (_, index) => index + 1), 0.95, 19],
  [[7], 0.5, 7],
  [[], 0.5, Number.NaN],
])('the percentile of %j at %d is %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test('counters are compared key by key', () => {
  expect(risen({ a: 1, b: 2 }, { a: 4, b: 2, c: 5 })).toEqual({ a: 3, c: 5 });
  expect(sum({ a: 3, c: 5 })).toBe(8);
});

test('requests of an API server are added up by verb', () => {
  const text = `# TYPE apiserver_request_total counter
apiserver_request_total{code="200",resource="pods",verb="GET"} 3
apiserver_request_total{code="404",resource="services",verb="GET"} 2
apiserver_request_total{code="200",resource="pods",verb="APPLY"} 1e+01
apiserver_requested_deprecated_apis{group=""} 1
`;
  expect(requestsByVerb(text)).toEqual({ GET: 5, APPLY: 10 });
});

test('an application has five objects, and a change is in one of them', () => {
  const before = filesOf(nameOf(7), { setting: 0, template: 0 });
  const after = filesOf(nameOf(7), { setting: 1, template: 0 });
  expect(nameOf(7)).toBe('app-0007');
  expect(Object.keys(before)).toHaveLength(5);
  expect(Object.keys(before).filter((file) => before[file] !== after[file])).toEqual(['settings.yaml']);
});

test.each([
  ['--applications', '0'],
  ['--applications', '1.5'],
  ['--pushes', 'many'],
  ['--idle', ''],
])('%s %s is refused with a sentence', (option, value) => {
  expect(() => readOptions([option, value])).toThrow(`${option} ${value} is not a whole number of at least`);
});

test('no other cluster can be named', () => {
  expect(() => readOptions(['--context', 'prod'])).toThrow("Unknown option '--context'");
  expect(() => readOptions(['--kubeconfig', 'file'])).toThrow("Unknown option '--kubeconfig'");
});

function phaseOf(name: string, seconds: number, perApplication: number): Phase {
  const cpu = { worker: 1, temporal: 1, 'kube-apiserver': 1, etcd: 1, 'kube-controller-manager': 1 };
  const requests = { 'get configmaps': perApplication * 10 };
  return {
    name,
    seconds,
    requests,
    requestsPerApplication: perApplication,
    events: 20,
    cpu,
    rss: 300,
    load: 1,
  };
}

const figures: Figures = {
  applications: 10,
  machine: { cpus: 2, model: 'one', load: [0.5, 1.25] },
  pollSeconds: 2,
  syncs: [
    phaseOf('first', 100, 30),
    phaseOf('settings', 61, 14),
    phaseOf('templates', 50, 20),
    phaseOf('elsewhere', 5, 0),
  ],
  idle: { phase: phaseOf('idle', 120, 0), all: { GET: 40 } },
  webhook: [500, 1_000, 2_500],
  polling: [3_000],
  healing: [200, 300],
};

test('a goal is met or missed by what was measured', () => {
  const judged = goals(figures).filter(([, , , isMet]) => isMet !== undefined);
  expect(judged.map(([what, figure, , isMet]) => [what, figure, isMet])).toEqual([
    ['settings, until all are synced', '61.0 s', false],
    ['elsewhere, requests per application', '0.00', true],
    ['idle: requests of the worker per application and minute', '0.000', true],
    ['idle: memory of the worker', '300 MiB', true],
    ['push → first apply by a webhook’s hint, 3 times, p50 / p95', '1.00 / 2.50 s', false],
    ['push → first apply by polling every 2 s, 1 times, p50 / p95', '3.00 / 3.00 s', true],
    ['edit → healed, 2 times, p50 / p95', '0.20 / 0.30 s', true],
  ]);
});

test('the report says the load of the machine, and sets no figure of others in relation to ours', () => {
  const text = report(figures);
  expect(text).toContain('0.5, 1.3 at the start and the end');
  expect(text).toContain("| settings, of the first sync's time | 0.61 |");
  expect(text).toContain('Published by others, on other machines');
});
