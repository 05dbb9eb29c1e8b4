import { composeJob, hookFacts, hookJobName, hookState, metricJobName } from '../../src/domain/hook-job';
import type { KubeObject } from '../../src/domain/kube-object';
import { locate } from '../../src/domain/located';

const git: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'migrate',
    namespace: 'elsewhere',
    labels: { team: 'db' },
    annotations: { 'belay.dev/hook': 'pre' },
  },
  spec: {
    backoffLimit: 2,
    suspend: true,
    manualSelector: true,
    selector: { matchLabels: { job: 'migrate' } },
    template: {
      metadata: { labels: { job: 'migrate' } },
      spec: {
        restartPolicy: 'Never',
        initContainers: [{ name: 'wait', image: 'wait:1' }],
        containers: [
          {
            name: 'migrate',
            image: 'migrate:2',
            env: [
              { name: 'BELAY_REVISION', value: 'mine' },
              { name: 'DATABASE', value: 'shop' },
            ],
            envFrom: [{ configMapRef: { name: 'web-config' } }],
          },
        ],
      },
    },
  },
};

const overlay = { name: 'migrate-r2-x', namespace: 'shop', application: 'shop' };

describe('the name of a Job', () => {
  test.each([
    ['migrate', 'r2-abcdef12', 'do', 'migrate-r2-abcdef12'],
    ['migrate', 'r2-abcdef12', 'undo', 'migrate-r2-abcdef12-undo'],
  ] as const)('of hook %s in rollout %s to %s is %s', (hook, rolloutId, part, name) => {
    expect(hookJobName(hook, rolloutId, part)).toBe(name);
  });

  test('is never longer than 63 characters, and long names that differ stay apart', () => {
    const names = ['a', 'b'].flatMap((last) =>
      (['do', 'undo'] as const).map((part) => hookJobName('m'.repeat(62) + last, 'r2-abcdef12', part)),
    );
    expect(new Set(names).size).toBe(4);
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }
    expect(names[1]).toMatch(/-r2-abcdef12-undo$/);
  });

  test('of a measurement has the rollout, the analysis, the metric and its number', () => {
    const measured = { rolloutId: 'r2-x', analysis: 'step-1', metric: 'smoke', number: 3 };
    expect(metricJobName(measured)).toBe('r2-x-step-1-smoke-3');
  });

  test('of metrics that differ only in what a name cannot hold stay apart', () => {
    const base = { rolloutId: 'r2-x', analysis: 'pre', number: 1 };
    const names = ['Smoke Test', 'smoke_test', 'smoke.test', 'smoke-test'].map((metric) =>
      metricJobName({ ...base, metric }),
    );
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  });
});

describe('a Job as it is created', () => {
  test('has its own name, the application’s namespace and marks, and no selector of its own', () => {
    const job = composeJob(git, { ...overlay, rolloutId: 'r2-x', hook: 'migrate' });
    expect(job.metadata).toEqual({
      name: 'migrate-r2-x',
      namespace: 'shop',
      labels: {
        team: 'db',
        'belay.dev/application': 'shop',
        'belay.dev/rollout': 'r2-x',
        'belay.dev/hook': 'migrate',
      },
      annotations: { 'belay.dev/hook': 'pre' },
    });
    expect(job['spec']).toMatchObject({
      backoffLimit: 2,
      template: { metadata: { labels: { job: 'migrate' } } },
    });
    expect(job['spec']).not.toHaveProperty('selector');
    expect(job['spec']).not.toHaveProperty('manualSelector');
    expect(job['spec']).not.toHaveProperty('suspend');
  });

  test('tells every container what it is about, in place of a variable of the same name', () => {
    const job = composeJob(git, { ...overlay, env: { BELAY_REVISION: 'abc', BELAY_ROLLOUT: 'r2-x' } });
    const { initContainers, containers } = templateOf(job);
    const told = [
      { name: 'BELAY_REVISION', value: 'abc' },
      { name: 'BELAY_ROLLOUT', value: 'r2-x' },
    ];
    expect(initContainers[0]?.env).toEqual(told);
    expect(containers[0]?.env).toEqual([{ name: 'DATABASE', value: 'shop' }, ...told]);
  });

  test('reads the new version’s configuration', () => {
    const configNames = { 'ConfigMap/web-config': 'web-config-0123456789' };
    const [container] = templateOf(composeJob(git, { ...overlay, configNames })).containers;
    expect(container?.envFrom).toEqual([{ configMapRef: { name: 'web-config-0123456789' } }]);
  });

  test.each([
    [undefined, 86_400],
    [0, 3_600],
    [100_000, 100_000],
  ])('with ttlSecondsAfterFinished %s is kept %i seconds, or it would be made again', (written, kept) => {
    const spec = {
      ...(git['spec'] as object),
      ...(written === undefined ? {} : { ttlSecondsAfterFinished: written }),
    };
    expect(composeJob({ ...git, spec }, overlay)['spec']).toMatchObject({ ttlSecondsAfterFinished: kept });
  });
});

describe('the Job of a hook', () => {
  const at = (annotations: Readonly<Record<string, string>>, type?: string): KubeObject => ({
    ...git,
    metadata: { name: 'migrate-r2-x', annotations },
    status: { conditions: type === undefined ? [] : [{ type, status: 'True' }] },
  });
  test.each<[string, KubeObject | undefined]>([
    ['absent', undefined],
    ['held', at({})],
    ['started', at({ 'belay.dev/released': 'true' })],
    ['started', at({ 'belay.dev/released': 'true' }, 'Suspended')],
    ['ended', at({ 'belay.dev/released': 'true' }, 'Complete')],
    ['ended', at({ 'belay.dev/released': 'true' }, 'Failed')],
  ])('is %s', (state, job) => expect(hookState(job)).toBe(state));
});

test('what travels of a hook is names', () => {
  const hook = { name: 'migrate', phase: 'pre', job: locate(git, 'a.yaml') } as const;
  expect(hookFacts(hook)).toEqual({ name: 'migrate', phase: 'pre' });
  expect(hookFacts({ ...hook, undo: locate({ ...git, metadata: { name: 'back' } }, 'b.yaml') })).toEqual({
    name: 'migrate',
    phase: 'pre',
    undo: 'back',
  });
});

interface Container {
  readonly env?: readonly object[];
  readonly envFrom?: readonly object[];
}

function templateOf(job: KubeObject) {
  const { template } = job['spec'] as {
    template: { spec: { initContainers: readonly Container[]; containers: readonly Container[] } };
  };
  return template.spec;
}
