import type { KubeObject } from '../../../src/domain/kube-object';
import { marks, podTemplateHash } from '../../../src/domain/marks';
import { metadataActions } from '../../../src/domain/plans/plan-metadata';
import { planRemoval, planReturn } from '../../../src/domain/plans/plan-return';
import { planStart } from '../../../src/domain/plans/plan-start';
import { noTraffic } from '../../../src/domain/routing/traffic';
import type { PodMetadata } from '../../../src/domain/strategy';
import { drive } from '../../support/plan-run';
import { begin, forward, reach, routedCanary, turned, until } from '../../support/routed-rollout';
import { canary, context, deployment, pods, replicaSet, view, type Built } from '../../support/view-builder';

const old = replicaSet('a', 1).ownedBy(deployment('web', 1));
const set = replicaSet('b', 1, 'r2').ownedBy(canary(1));
const [oldPod] = pods(old, 1);
const [newPod] = pods(set, 1);
if (oldPod === undefined || newPod === undefined) throw new Error('a ReplicaSet of 1 has a pod');

const meta = (labels: Readonly<Record<string, string>>, annotations = {}): PodMetadata => ({
  labels,
  annotations,
});
const strategy = {
  canaryMetadata: meta({ role: 'canary', 'only-canary': 'yes' }, { note: 'new' }),
  stableMetadata: meta({ role: 'stable' }, { team: 'shop' }),
};

function patches(...built: readonly Built<KubeObject>[]): readonly object[] {
  const seen = view(deployment('web', 1), canary(1), old, set, ...built);
  return metadataActions(seen, context(), strategy).map((action) =>
    action.kind === 'patch' ? action.patch : action,
  );
}

describe('metadata for the time of a role', () => {
  it('is given to the pods of either side', () => {
    expect(patches(oldPod, newPod)).toMatchObject([
      { metadata: { labels: { role: 'canary', 'only-canary': 'yes' }, annotations: { note: 'new' } } },
      { metadata: { labels: { role: 'stable' }, annotations: { team: 'shop' } } },
    ]);
  });

  it('changes nothing else, and is fenced and sent with the version that was seen', () => {
    const [patch] = patches(newPod.labels({ mine: 'kept' }));
    expect(patch).toEqual({
      metadata: {
        resourceVersion: '10',
        labels: { role: 'canary', 'only-canary': 'yes' },
        annotations: { note: 'new', [marks.fence]: '20001' },
      },
    });
  });

  it('is written once', () => {
    const labelled = newPod.labels({ role: 'canary', 'only-canary': 'yes' }).annotations({ note: 'new' });
    expect(patches(labelled)).toEqual([]);
  });

  it('of the other role is taken off, but not what a person wrote', () => {
    const was = oldPod
      .labels({ role: 'canary', 'only-canary': 'yes', mine: 'x' })
      .annotations({ note: 'mine' });
    expect(patches(was)).toMatchObject([
      { metadata: { labels: { role: 'stable', 'only-canary': null }, annotations: { team: 'shop' } } },
    ]);
    expect(JSON.stringify(patches(was))).not.toMatch(/mine/);
  });

  it('leaves pods that are going alone', () => {
    expect(patches(newPod.going())).toEqual([]);
  });

  it('is not looked at when there is none', () => {
    expect(metadataActions(view(deployment('web', 1), old, oldPod), context(), {})).toEqual([]);
  });

  it('may be of one side only', () => {
    const { canaryMetadata } = strategy;
    const actions = metadataActions(
      view(deployment('web', 1), canary(1), old, set, oldPod, newPod),
      context(),
      {
        canaryMetadata,
      },
    );
    expect(actions.map(({ why }) => why)).toEqual(['label b-1']);
  });
});

describe('metadata in a rollout', () => {
  const setup = { replicas: 4, isDynamic: false };
  const roles = (run: ReturnType<typeof begin>): readonly (readonly [string, string | undefined])[] =>
    run.simulator
      .view()
      .pods.map(
        ({ metadata: { labels } }) =>
          [labels?.[marks.rollout] === undefined ? 'old' : 'new', labels?.['role']] as const,
      );

  it('is of both roles in its steps, and never keeps a pod from its ReplicaSet', () => {
    const run = begin(setup);
    until(run, [planStart, reach({ ...noTraffic, weight: 50 }, setup)]);
    expect(new Set(roles(run).map(String))).toEqual(new Set(['old,stable', 'new,canary']));
    expect(
      run.simulator.view().pods.every((pod) => pod.metadata.labels?.[podTemplateHash] !== undefined),
    ).toBe(true);
  });

  it("is only stable's after the promotion", () => {
    const run = begin(setup);
    const steps = forward(setup);
    until(run, steps.slice(0, -1));
    drive(run, (seen, at) => {
      const actions = metadataActions(seen, at, routedCanary());
      return actions.length > 0 ? { kind: 'act', actions } : { kind: 'done' };
    });
    until(run, steps.slice(-1));
    expect(new Set(roles(run).map(String))).toEqual(new Set(['new,stable']));
  });

  it("is only stable's after the way back", () => {
    const run = begin(setup);
    until(run, [planStart, reach({ ...noTraffic, weight: 50 }, setup)]);
    until(turned(run), [planReturn, planRemoval]);
    expect(new Set(roles(run).map(String))).toEqual(new Set(['old,stable']));
  });
});
