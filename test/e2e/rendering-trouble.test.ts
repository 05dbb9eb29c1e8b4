import type { SourceSpec } from '../../src/domain/application-spec';
import { describeProblem } from '../../src/domain/problem';
import type { WorkerProcess } from '../../tools/local/worker';
import { deliveredFrom } from '../support/delivery';
import { startEnvironment, type Environment } from '../support/environment';
import { follow, type Followed } from '../support/followed';
import { commitFiles, createBareRepo, type BareRepo, type FileSpec } from '../support/git-repo';
import { mapYaml } from '../support/sync-yaml';

interface Trouble {
  readonly what: string;
  /** What a person reads of it: place, object, field, value, remedy. */
  readonly says: RegExp;
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly source?: Partial<SourceSpec>;
}

const chart = (name: string, more = ''): string => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`;
const bomb = `apiVersion: v1
kind: ConfigMap
metadata: {name: bomb}
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: [*d, *d, *d, *d, *d, *d, *d, *d, *d]
`;
/** One character more than Belay reads of a file. */
const justTooLarge = `${mapYaml('large')}# `.padEnd(5_000_001, 'x');
const many = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`map-${index}.yaml`, mapYaml(`map-${index}`)]),
);

const troubles: readonly Trouble[] = [
  {
    what: 'a link out of the repository',
    says: /^trouble-0\/a\.yaml: symlink leads out of the repository, to \.\.\/\.\.\/etc\/passwd; replace it/,
    files: { 'a.yaml': { symlink: '../../etc/passwd' } },
  },
  {
    what: 'links in a circle',
    says: /a\.yaml: symlink leads in a circle; replace it by what it should stand for/,
    files: { 'map.yaml': mapYaml('map'), 'a.yaml': { symlink: 'a.yaml' } },
  },
  {
    what: 'a base outside of the repository',
    says: /kustomization\.yaml:2: resources\[0\]: \.\.\/\.\.\/elsewhere leads out of the repository; name a path inside/,
    files: { 'kustomization.yaml': 'resources:\n- ../../elsewhere\n' },
  },
  {
    what: 'kustomizations in a circle',
    says: /kustomize: .*cycle detected.*; correct the kustomization/,
    files: {
      'kustomization.yaml': 'resources: [other]\n',
      'other/kustomization.yaml': 'resources: [..]\n',
    },
  },
  {
    what: 'UTF-16',
    says: /a\.yaml:1: is not UTF-8 text; save it as UTF-8/,
    files: { 'a.yaml': Buffer.from(`\ufeff${mapYaml('a')}`, 'utf16le') },
  },
  {
    what: 'a list of objects that is null',
    says: /list\.yaml:3: List: items: must be a list of objects; write them/,
    files: { 'list.yaml': 'apiVersion: v1\nkind: List\nitems: null\n' },
  },
  {
    what: 'a list that holds null',
    says: /list\.yaml:4: a Kubernetes object is a map, not empty; keep only Kubernetes manifests/,
    files: { 'list.yaml': 'apiVersion: v1\nkind: List\nitems:\n- null\n' },
  },
  {
    what: 'a list of containers that is null',
    says: /web\.yaml:9: Deployment web: .*containers: the pod template has no container; write spec\.containers/,
    files: {
      'web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers: null\n',
    },
  },
  {
    what: 'invalid YAML in one of many files',
    says: /map-7\.yaml:4: not valid YAML.*; close the bracket/,
    files: { ...many, 'map-7.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\ndata: {}\n' },
  },
  {
    what: 'a values file outside of the repository',
    says: /^spec\.source\.helm\.valueFiles\[0\]: \S+passwd leads out of the repository; name a file inside/,
    files: { 'Chart.yaml': chart('web'), 'templates/a.yaml': mapYaml('a') },
    source: { helm: { valueFiles: ['../../../etc/passwd'] } },
  },
  {
    what: 'a manifest that is far too large',
    says: /large\.yaml: is longer than 5 million characters; split the file/,
    files: { 'large.yaml': justTooLarge },
  },
  {
    what: 'a YAML bomb',
    says: /bomb\.yaml:1: an anchor is used more than 1000 times; write the values out/,
    files: { 'bomb.yaml': bomb },
  },
  {
    what: 'a YAML bomb for Kustomize',
    says: /kustomization\.yaml:\d+: uses anchors too often; correct the file/,
    files: { 'kustomization.yaml': bomb.replace(/^apiVersion[^]*?(?=a:)/, '') },
  },
  {
    what: 'a template that includes itself',
    says: /templates\/a\.yaml:1: helm: .*nested reference name: a.*; correct the template/,
    files: {
      'Chart.yaml': chart('web'),
      'templates/a.yaml': '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    },
  },
  {
    what: 'charts that depend on each other',
    says: /Chart\.yaml: chart web depends on itself/,
    files: {
      'Chart.yaml': chart('web', 'dependencies: [{name: db, version: 1.0.0, repository: "file://db"}]\n'),
      'templates/a.yaml': mapYaml('a'),
      'db/Chart.yaml': chart('db', 'dependencies: [{name: web, version: 1.0.0, repository: "file://.."}]\n'),
      'db/templates/a.yaml': mapYaml('b'),
    },
  },
  {
    what: 'a chart among plain manifests',
    says: /web\/Chart\.yaml:1: \S+\/web, which is read as plain manifests, is one for Helm; leave it out by directory\.exclude/,
    files: { 'map.yaml': mapYaml('a'), 'web/Chart.yaml': chart('web') },
    source: { recurse: true },
  },
];

let env: Environment;
let worker: WorkerProcess;
let repo: BareRepo;
let healthy: Followed;
let revision: string;
const nameOf = (index: number): string => `trouble-${index}`;

beforeAll(async () => {
  env = await startEnvironment();
  worker = await env.startWorker();
  repo = await createBareRepo();
  const files = troubles.flatMap((each, index) =>
    Object.entries(each.files).map(([path, content]) => [`${nameOf(index)}/${path}`, content] as const),
  );
  revision = await commitFiles(repo, {
    ...Object.fromEntries(files),
    'healthy/map.yaml': mapYaml('one'),
    'healthy/empty.yaml': 'apiVersion: v1\nkind: List\nitems: []\n',
  });
  const specs = troubles.map(({ source }, index) => {
    const spec = deliveredFrom(repo, nameOf(index), nameOf(index));
    return { ...spec, source: { ...spec.source, ...source } };
  });
  const all = [...specs, deliveredFrom(repo, 'healthy', 'healthy')];
  await Promise.all(all.map((spec) => env.client.createApplication(spec)));
  healthy = follow(env, 'healthy', 'healthy', 120_000);
}, 60_000);
afterAll(async () => {
  await env.stop();
  await repo.remove();
});

test.each(troubles.map((each, index) => [each.what, index, each] as const))(
  '%s is one clear problem of its application',
  async (_what, index, { says }) => {
    const app = follow(env, nameOf(index), nameOf(index), 120_000);
    const { state, health } = await app.waitFor(
      'the problem is shown',
      (status) => status.state.compared === revision && status.operation === undefined,
    );
    const told = state.problems.map(describeProblem);
    expect(told).toEqual([expect.stringMatching(says)]);
    expect(health).toBe('Missing');
    expect(await app.objects('ConfigMap', 'v1')).toEqual([]);
    expect(told.join()).not.toContain(env.dir);
  },
  150_000,
);

test('an application beside them is synced, and goes on to be', async () => {
  await healthy.settled(revision);
  const next = await commitFiles(repo, { 'healthy/map.yaml': mapYaml('two') });
  await healthy.settled(next);
  const maps = await healthy.objects('ConfigMap', 'v1');
  expect(maps.map(({ metadata }) => metadata.name)).toContain('two');
}, 250_000);

test('the worker is the same process as before, and has nothing to complain about', () => {
  expect(process.kill(worker.pid, 0)).toBe(true);
  expect(worker.log()).not.toMatch(/unhandled|FATAL|Error:/i);
});
