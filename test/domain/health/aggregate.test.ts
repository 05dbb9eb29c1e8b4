import { asJudged, countsForApplication, healthOf, summarise } from '../../../src/domain/health';
import type { HealthWord } from '../../../src/domain/application-status';
import type { ObjectMeta } from '../../../src/domain/kube-object';
import { brief, objectOf } from './health-builder';

const judged = (object: string, status: HealthWord, message?: string) => ({
  object,
  health: message === undefined ? { status } : { status, message },
});

describe('the health of an application', () => {
  test('is Healthy with nothing to count, and with healthy objects only', () => {
    const healthy = { health: 'Healthy', objects: [] };
    expect([summarise([]), summarise([judged('Service shop/web', 'Healthy')])]).toEqual([healthy, healthy]);
  });

  test('is the worst of its objects, which are named worst first and by name', () => {
    const list = [
      judged('Service shop/b', 'Progressing', 'it has no address yet'),
      judged('Deployment shop/web', 'Healthy'),
      judged('Job shop/migrate', 'Degraded', 'backoff limit'),
      judged('Deployment shop/a', 'Progressing'),
    ];
    expect(summarise(list)).toEqual({
      health: 'Degraded',
      objects: [
        { object: 'Job shop/migrate', status: 'Degraded', message: 'backoff limit' },
        { object: 'Deployment shop/a', status: 'Progressing' },
        { object: 'Service shop/b', status: 'Progressing', message: 'it has no address yet' },
      ],
    });
  });

  test('names at most five objects, and cuts their messages', () => {
    const list = Array.from({ length: 9 }, (_, n) => judged(`Pod shop/${n}`, 'Degraded', 'x'.repeat(500)));
    const { objects } = summarise(list);
    expect(objects.map(({ object }) => object)).toEqual([0, 1, 2, 3, 4].map((n) => `Pod shop/${n}`));
    expect(objects[0]?.message).toHaveLength(300);
  });
});

describe('what counts', () => {
  test.each<readonly [string, Partial<ObjectMeta>, boolean]>([
    ['an object of Git', { labels: { 'belay.dev/application': 'shop' } }, true],
    ['a canary', { labels: { 'belay.dev/canary-of': 'web' } }, false],
    ['a Deployment of an experiment', { labels: { 'belay.dev/experiment': '1' } }, false],
    ['a parked ReplicaSet', { labels: { 'belay.dev/parked': 'web' } }, false],
    ['a Job of a hook of a rollout', { labels: { 'belay.dev/rollout': '1' } }, false],
    ['a hook', { annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }, false],
    ['a Helm hook', { annotations: { 'helm.sh/hook': 'pre-install' } }, false],
    ['a skipped hook', { annotations: { 'argocd.argoproj.io/hook': 'Skip' } }, true],
  ])('%s: %s', (_name, metadata, expected) => {
    expect(countsForApplication(objectOf('apps/v1/Deployment', {}, metadata))).toBe(expected);
  });

  test.each([
    ['held by a rollout is judged by what it serves with', { 'belay.dev/wanted-replicas': '2' }, 'Healthy'],
    ['paused by somebody else is Suspended', {}, 'Suspended: the Deployment is paused'],
  ])('a Deployment %s', (_name, annotations, expected) => {
    const status = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const spec = { replicas: 2, paused: true };
    const object = objectOf('apps/v1/Deployment', { spec, status }, { annotations });
    expect(brief(healthOf(asJudged(object)))).toBe(expected);
  });
});
