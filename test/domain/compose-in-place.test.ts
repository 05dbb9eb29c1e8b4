import { composeInPlace, keepReplicas } from '../../src/domain/compose';
import type { Hold, UpdateStrategy } from '../../src/domain/in-place-view';
import type { KubeObject } from '../../src/domain/kube-object';
import { marks } from '../../src/domain/marks';
import { judgePods } from '../../src/domain/pod-failure';

const overlay = { application: 'shop', namespace: 'shop', configNames: { 'ConfigMap/conf': 'conf-1' } };

function git(kind: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'db', labels: { team: 'a' } },
    spec: {
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { containers: [{ name: 'db', envFrom: [{ configMapRef: { name: 'conf' } }] }] },
      },
      ...spec,
    },
  };
}

describe('a workload whose pods are replaced in place', () => {
  it('carries the label of its rollout and the configuration of its version', () => {
    const composed = composeInPlace(git('StatefulSet'), { ...overlay, rolloutId: 'r2' });
    expect(composed.metadata).toMatchObject({
      namespace: 'shop',
      labels: { team: 'a', [marks.application]: 'shop' },
    });
    expect(composed.spec.template).toEqual({
      metadata: { labels: { app: 'db', [marks.rollout]: 'r2' } },
      spec: { containers: [{ name: 'db', envFrom: [{ configMapRef: { name: 'conf-1' } }] }] },
    });
  });

  it('is as Git has it at a first deployment', () => {
    const given = git('DaemonSet');
    expect(composeInPlace(given, overlay).spec).toEqual(given['spec']);
  });

  const partition: Hold = { kind: 'partition', partition: 3 };
  const surging = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } };
  it.each<[string, UpdateStrategy | undefined, Hold | undefined, UpdateStrategy | undefined]>([
    ['nothing', undefined, undefined, undefined],
    ['Git’s own', surging, undefined, surging],
    ['a partition', undefined, partition, { type: 'RollingUpdate', rollingUpdate: { partition: 3 } }],
    [
      'a partition instead of OnDelete',
      { type: 'OnDelete' },
      partition,
      { type: 'RollingUpdate', rollingUpdate: { partition: 3 } },
    ],
    [
      'a partition beside Git’s bound',
      surging,
      partition,
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2, partition: 3 } },
    ],
    ['OnDelete', undefined, { kind: 'onDelete' }, { type: 'OnDelete' }],
    ['OnDelete beside Git’s bound', surging, { kind: 'onDelete' }, { ...surging, type: 'OnDelete' }],
  ])('has %s as its updateStrategy', (_name, own, hold, expected) => {
    const given = git('StatefulSet', own === undefined ? {} : { updateStrategy: own });
    expect(composeInPlace(given, { ...overlay, hold }).spec.updateStrategy).toEqual(expected);
  });

  it.each<[string, string, object, number | undefined, number | undefined]>([
    ['Git’s count', 'StatefulSet', { replicas: 3 }, undefined, 3],
    ['a newer count', 'StatefulSet', { replicas: 3 }, 5, 5],
    ['no count where Git omits it', 'StatefulSet', {}, undefined, undefined],
    ['no count, as its nodes are counted', 'DaemonSet', {}, 5, undefined],
  ])('has %s', (_name, kind, spec, replicas, expected) => {
    expect(composeInPlace(git(kind, spec), { ...overlay, replicas }).spec.replicas).toBe(expected);
  });

  it('keeps the live count of a StatefulSet where Git gives none', () => {
    const live = git('StatefulSet', { replicas: 7 });
    expect(keepReplicas(git('StatefulSet'), live)['spec']).toMatchObject({ replicas: 7 });
    expect(keepReplicas(git('DaemonSet'), git('DaemonSet'))['spec']).not.toHaveProperty('replicas');
  });
});

describe('pods that a StatefulSet or DaemonSet is refused', () => {
  it.each(['StatefulSet', 'DaemonSet'])('are seen in the events of a %s', (kind) => {
    const now = Date.parse('2026-03-01T03:00:00Z');
    const event = (reason: string, lastTimestamp: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `db.${reason}`, namespace: 'shop' },
      involvedObject: { kind, namespace: 'shop', name: 'db' },
      reason,
      message: 'pods "db-0" is forbidden: exceeded quota: small',
      lastTimestamp,
    });
    const failed = event('FailedCreate', '2026-03-01T02:59:00Z');
    const look = (...events: KubeObject[]) => {
      const first = judgePods({ pods: [], events, now, firstSeen: {} });
      return judgePods({ pods: [], events, now: now + 10_000, firstSeen: first.firstSeen });
    };
    expect(look(failed)).toMatchObject({ kind: 'failed', code: 'Quota', object: `${kind} db` });
    expect(look(failed, event('SuccessfulCreate', '2026-03-01T02:59:30Z'))).toMatchObject({ kind: 'ok' });
  });
});
