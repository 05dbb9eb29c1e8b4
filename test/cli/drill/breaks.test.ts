import type { SourceSpec } from '../../../src/domain/application-spec';
import { breakSource } from '../../../src/cli/drill/break';
import type { BreakRequest } from '../../../src/cli/drill/breakage';
import { UsageError } from '../../../src/cli/usage-error';

const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n';
const rollout = `# how web comes out
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web # the program
        image: registry.example/web:1 # bumped by CI
        envFrom: [{configMapRef: {name: web-config}}]
      volumes:
      - configMap: {name: files, defaultMode: 0644}
`;

interface Asked extends Partial<Omit<BreakRequest, 'source'>> {
  readonly source?: Partial<SourceSpec>;
}

/** What a drill makes of a repository's files: only those that it changes. */
async function broken(files: Readonly<Record<string, string>>, { source, ...asked }: Asked = {}) {
  const reader = {
    read: async (path: string) => files[path],
    list: async (directory: string) =>
      Object.keys(files).filter((path) => directory === '.' || path.startsWith(`${directory}/`)),
  };
  const whole: SourceSpec = { repoUrl: 'r', path: 'k8s', targetRevision: 'main', recurse: false, ...source };
  const request = { fault: 'image', id: '7f', env: {}, values: {}, ...asked, source: whole } as const;
  const { files: changed, what } = await breakSource(reader, request);
  return { ...Object.fromEntries(changed), what };
}

async function refusal(files: Readonly<Record<string, string>>, asked: Asked): Promise<string> {
  const error: unknown = await broken(files, asked).catch((each: unknown) => each);
  if (!(error instanceof UsageError)) throw new Error('it was not refused', { cause: error });
  return `${error.message}; ${error.remedy ?? ''}`;
}

describe('plain manifests', () => {
  test('are changed in their place, with everything else as it was', async () => {
    const both = `${service}---\n${rollout}`;
    expect(await broken({ 'k8s/all.yaml': both, 'k8s/notes.txt': 'x' })).toEqual({
      'k8s/all.yaml': both.replace('registry.example/web:1', 'registry.example/web:belay-drill-broken-7f'),
      what: 'Rollout/web in k8s/all.yaml',
    });
  });

  test('get a value that must be a text as a text', async () => {
    const made = await broken({ 'k8s/a.yaml': rollout }, { fault: 'latency', env: { SLOW: '2' } });
    expect(made).toMatchObject({ 'k8s/a.yaml': expect.stringMatching(/name: "SLOW"\n\s+value: "2"/) });
  });

  test('in JSON stay JSON', async () => {
    const containers = [{ name: 'web', image: 'web:1' }];
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers } } },
    };
    const { 'k8s/web.json': made = '' } = (await broken(
      { 'k8s/web.json': JSON.stringify(object) },
      { fault: 'crash' },
    )) as Record<string, string>;
    expect(JSON.parse(made)).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ image: 'web:1', command: ['/bin/sh', '-c', expect.any(String)] }] },
        },
      },
    });
  });

  test('of directories below count where the application takes them', async () => {
    const files = { 'k8s/below/web.yaml': rollout, 'elsewhere/web.yaml': rollout };
    expect(await refusal(files, {})).toContain('there is no workload');
    expect(await broken(files, { source: { recurse: true } })).toMatchObject({
      what: 'Rollout/web in k8s/below/web.yaml',
    });
  });

  test('that are behind an alias are refused, not broken for everybody', async () => {
    const text = rollout
      .replace('containers:\n', 'containers: &all\n')
      .replace('volumes:\n', 'initContainers: *all\n      volumes:\n');
    expect(await broken({ 'k8s/a.yaml': text })).toHaveProperty(['k8s/a.yaml']); // the anchor itself may be written
    const behind = `a: &c\n- {name: web, image: 'web:1'}\n${rollout.replace(/containers:\n(.|\n)*volumes/, 'containers: *c\n      volumes')}`;
    expect(await refusal({ 'k8s/a.yaml': behind }, {})).toContain('YAML alias');
  });
});

describe('kustomizations', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': rollout,
    'k8s/kustomization.yaml':
      '# production\nresources:\n- ../base\n- https://example.com/more\nnamePrefix: p-\n',
  };

  test('get a patch', async () => {
    expect(await broken(files)).toEqual({
      'k8s/kustomization.yaml': `# production
resources:
- ../base
- https://example.com/more
namePrefix: p-
patches:
- target:
    kind: "Rollout"
    name: "web"
  patch: |
    - op: test
      path: /spec/template/spec/containers/0/name
      value: web
    - op: replace
      path: /spec/template/spec/containers/0/image
      value: registry.example/web:belay-drill-broken-7f
`,
      what: 'Rollout/web by k8s/kustomization.yaml',
    });
  });

  test('get it after the patches that are there', async () => {
    const patched = {
      ...files,
      'k8s/kustomization.yaml': `${files['k8s/kustomization.yaml']}patches: [{path: a.yaml}]\n`,
    };
    const { 'k8s/kustomization.yaml': made = '' } = (await broken(patched, { fault: 'config' })) as Record<
      string,
      string
    >;
    expect(made).toMatch(/path: a\.yaml[^]*containers\/0\/envFrom\/-/);
  });

  test('that set the image themselves have their entry changed: it comes after patches', async () => {
    const text = `${files['k8s/kustomization.yaml']}images:\n- name: registry.example/web\n  newName: mirror.example/web\n  digest: sha256:0\n`;
    const { 'k8s/kustomization.yaml': made = '' } = (await broken({
      ...files,
      'k8s/kustomization.yaml': text,
    })) as Record<string, string>;
    expect(made).toMatch(/newName: "mirror.example\/web"\n\s+newTag: "belay-drill-broken-7f"/);
    expect(made).not.toMatch(/digest|patches/);
  });

  test('are patched in an overlay below the path', async () => {
    const more = {
      ...files,
      'k8s/kustomization.yaml': 'resources: [drill]\n',
      'k8s/drill/kustomization.yaml': 'resources: [../../base]\n',
    };
    expect(await broken(more, { overlay: 'k8s/drill' })).toMatchObject({
      what: 'Rollout/web by k8s/drill/kustomization.yaml',
    });
    expect(await refusal(more, { overlay: 'base' })).toContain('Belay would not take it back');
    expect(await refusal(more, { overlay: 'k8s/none' })).toContain('is no kustomization');
  });

  test('are refused where the Application says the image', async () => {
    const source = { kustomize: { images: ['registry.example/web=mirror.example/web:2'] } };
    expect(await refusal(files, { source })).toContain('kustomize.images');
    expect(await broken(files, { source, fault: 'crash' })).toHaveProperty(['k8s/kustomization.yaml']);
  });
});

describe('charts', () => {
  const files = {
    'k8s/Chart.yaml': 'name: web\n',
    'k8s/values.yaml': '# values\nimage:\n  tag: "1" # bumped by CI\nreplicas: 3\n',
    'k8s/prod.yaml': '',
    'k8s/templates/web.yaml': '{{ if }}',
  };
  const values = { 'image.tag': 'broken-{id}' };

  test('get the values that a person names', async () => {
    expect(await broken(files, { values })).toEqual({
      'k8s/values.yaml': '# values\nimage:\n  tag: "broken-7f" # bumped by CI\nreplicas: 3\n',
      what: 'image.tag in k8s/values.yaml',
    });
  });

  test('get them in the last file of values that lies in the path', async () => {
    const source = { helm: { valueFiles: ['values.yaml', 'prod.yaml', '/shared/values.yaml'] } };
    const more = { ...values, 'fault.share': '0.5' };
    expect(await broken(files, { values: more, source })).toMatchObject({
      'k8s/prod.yaml': expect.stringMatching(/broken-7f[^]*share: 0\.5/),
    });
  });

  test.each<[string, Asked, string]>([
    ['nobody says which value', {}, 'which values of this chart make the fault image is not known'],
    [
      'every drill would be the same',
      { values: { 'image.tag': 'broken' } },
      'write {id} into one of the values',
    ],
    [
      'the Application says the value',
      { values, source: { helm: { parameters: [{ name: 'image.tag', value: '2' }] } } },
      'helm.parameters',
    ],
    ['a value is no map', { values: { 'replicas.a': '{id}' } }, 'replicas.a cannot be set in it'],
    ['it is not in Git', { source: { chart: 'web' } }, 'chart repository'],
  ])('are refused where %s', async (_what, asked, why) => {
    expect(await refusal(files, asked)).toContain(why);
  });

  test('alone have values', async () => {
    expect(await refusal({ 'k8s/web.yaml': rollout }, { values })).toContain('--values is for charts');
  });
});
