import { asDeployment } from '../../src/domain/apps';
import { composeCanary, composeDeployment, composeObject, type Overlay } from '../../src/domain/compose';
import type { KubeObject } from '../../src/domain/kube-object';

const git: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'elsewhere', labels: { team: 'a' }, annotations: { note: 'b' } },
  spec: {
    replicas: 4,
    minReadySeconds: 3,
    progressDeadlineSeconds: 60,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image: 'web:v2', envFrom: [{ configMapRef: { name: 'config' } }] }],
      },
    },
  },
};
const overlay: Overlay = {
  application: 'shop',
  namespace: 'shop',
  configNames: { 'ConfigMap/config': 'config-1a' },
  paused: false,
};
const compose = (more: Partial<Overlay> = {}) => composeDeployment(git, { ...overlay, ...more });
const withoutCount = (() => {
  const { replicas: _replicas, ...spec } = asDeployment(git).spec;
  return { ...git, spec };
})();

describe('Git’s Deployment with the overlay of its rollout', () => {
  it('is in its namespace and marked as its application’s, and keeps its own labels', () => {
    expect(compose().metadata).toEqual({
      name: 'web',
      namespace: 'shop',
      labels: { team: 'a', 'belay.dev/application': 'shop' },
      annotations: { note: 'b' },
    });
  });

  it('carries the rollout’s label and its configuration, and leaves Git’s object as it is', () => {
    const before = structuredClone(git);
    const { template, selector } = compose({ rolloutId: 'r2' }).spec;
    expect(template.metadata?.labels).toEqual({ app: 'web', 'belay.dev/rollout': 'r2' });
    expect(template.spec).toMatchObject({
      containers: [{ envFrom: [{ configMapRef: { name: 'config-1a' } }] }],
    });
    expect(selector).toEqual({ matchLabels: { app: 'web' } });
    expect(git).toEqual(before);
  });

  it('is plain in a first deployment', () => {
    expect(compose().spec.template).toEqual(asDeployment(git).spec.template);
  });

  it.each([
    ['the overlay’s', git, 7, 7],
    ['Git’s', git, undefined, 4],
    ['nobody’s, when Git has none', withoutCount, undefined, undefined],
    ['the overlay’s, when Git has none', withoutCount, 0, 0],
  ])('has %s count', (_name, from, replicas, expected) => {
    const { spec } = composeDeployment(from, { ...overlay, replicas });
    expect([spec.replicas, 'replicas' in spec]).toEqual([expected, expected !== undefined]);
  });
});

describe('any other object', () => {
  it('goes to its namespace with its application’s label', () => {
    const { metadata } = composeObject(
      { ...git, kind: 'ConfigMap' },
      { application: 'shop', namespace: 'shop' },
    );
    expect(metadata).toMatchObject({
      namespace: 'shop',
      labels: { team: 'a', 'belay.dev/application': 'shop' },
    });
  });

  it('has no namespace when it has none', () => {
    expect('namespace' in composeObject(git, { application: 'shop' }).metadata).toBe(false);
  });
});

describe('the canary', () => {
  const stable = asDeployment({
    ...git,
    metadata: { ...git.metadata, namespace: 'shop', labels: { 'app.kubernetes.io/instance': 'argo' } },
  });
  const template = { metadata: { labels: { app: 'web', 'belay.dev/rollout': 'r2' } }, spec: {} };
  const made = composeCanary(stable, template, { application: 'shop', rolloutId: 'r2', fence: 20_001 });

  it('starts with no pods, and keeps no history', () => {
    expect(made['spec']).toMatchObject({ replicas: 0, revisionHistoryLimit: 0, template });
  });

  it('selects its own pods only', () => {
    expect(made['spec']).toMatchObject({
      selector: { matchLabels: { app: 'web', 'belay.dev/rollout': 'r2' } },
    });
  });

  it('waits for readiness as long as stable does', () => {
    expect(made['spec']).toMatchObject({ minReadySeconds: 3, progressDeadlineSeconds: 60 });
  });

  it('has only Belay’s labels, so that no other tool takes it for its own', () => {
    expect(made.metadata).toEqual({
      name: 'web-canary',
      namespace: 'shop',
      labels: { 'belay.dev/application': 'shop', 'belay.dev/canary-of': 'web', 'belay.dev/rollout': 'r2' },
      annotations: { 'belay.dev/fence': '20001' },
    });
  });
});
