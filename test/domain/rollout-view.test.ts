import { isObserved, isReady, matches } from '../../src/domain/apps';
import {
  currentReplicaSet,
  fenceOf,
  podsOf,
  readyEndpoints,
  replicaSetOf,
  lackingEndpoints,
} from '../../src/domain/rollout-view';
import { canary, deployment, pods, replicaSet, service, slice, view } from '../support/view-builder';

const revision = 'deployment.kubernetes.io/revision';
const stable = deployment('web', 2).annotations({ [revision]: '2' });
const older = replicaSet('z', 0).ownedBy(stable);
const old = replicaSet('a', 2, 'r1')
  .ownedBy(stable)
  .annotations({ [revision]: '2' });
const fresh = canary(1);
const set = replicaSet('b', 1, 'r2')
  .ownedBy(fresh)
  .annotations({ [revision]: '2' });
const [one, two] = pods(old, 2);
if (one === undefined || two === undefined) throw new Error('a ReplicaSet of 2 has two pods');
const names = (objects: readonly { readonly metadata: { readonly name: string } }[]) =>
  objects.map((each) => each.metadata.name);

describe('the view of one workload', () => {
  it('has its objects, and nobody else’s', () => {
    const other = replicaSet('o', 1);
    const foreign = other.spec({ template: { metadata: { labels: { app: 'other' } }, spec: {} } });
    const seen = view(
      stable,
      fresh,
      old,
      foreign,
      one,
      service('web'),
      service('other').spec({ selector: { app: 'other' } }),
    );
    expect(names(seen.replicaSets)).toEqual(['web-a']);
    expect(names(seen.services)).toEqual(['web']);
    expect(names(seen.pods)).toEqual(['a-1']);
    expect([seen.stable?.metadata.name, seen.canary?.metadata.name]).toEqual(['web', 'web-canary']);
  });

  it('has Services that are pinned, to whatever version', () => {
    expect(names(view(stable, old, service('web', 'gone')).services)).toEqual(['web']);
  });

  it('has Services that select only some of its pods', () => {
    const narrow = service('narrow').spec({ selector: { app: 'web', 'belay.dev/rollout': 'r1' } });
    expect(names(view(stable, old, one, narrow).services)).toEqual(['narrow']);
    expect(names(view(stable, narrow).services)).toEqual([]);
  });

  it('has no Service without a selector', () => {
    expect(view(stable, service('bare').spec({ selector: undefined })).services).toEqual([]);
  });

  it('is empty when there is nothing', () => {
    expect(view()).toMatchObject({ stable: undefined, canary: undefined, pods: [], replicaSets: [] });
  });
});

describe('ReplicaSets', () => {
  const seen = view(stable, fresh, older, old, set, one, two.going());

  it('the current one has the Deployment’s revision and is its own', () => {
    expect(currentReplicaSet(seen, stable.object)?.metadata.name).toBe('web-a');
    expect(currentReplicaSet(seen, fresh.annotations({ [revision]: '2' }).object)?.metadata.name).toBe(
      'web-b',
    );
    expect(currentReplicaSet(seen, undefined)).toBeUndefined();
  });

  it('that of a rollout is known by its label, whoever owns it', () => {
    expect(replicaSetOf(seen, 'r2')?.metadata.name).toBe('web-b');
    expect(replicaSetOf(seen, 'r3')).toBeUndefined();
  });

  it('have the pods that stay', () => {
    expect(names(podsOf(seen, old.object))).toEqual(['a-1']);
    expect(podsOf(seen, undefined)).toEqual([]);
  });
});

describe('endpoints', () => {
  it('are those of all slices of the Service that are ready, or say nothing', () => {
    const silent = { targetRef: { name: 'a-2' } };
    const notReady = { targetRef: { name: 'a-3' }, conditions: { ready: false } };
    const second = slice('web', []).object;
    const more = {
      ...second,
      metadata: { ...second.metadata, name: 'web-y' },
      endpoints: [silent, notReady],
    };
    const seen = {
      ...view(stable),
      endpointSlices: [slice('web', [one]).object, more, slice('other', [two]).object],
    };
    expect([...readyEndpoints(seen, 'web')]).toEqual(['a-1', 'a-2']);
  });

  it('may lack available pods that the Service selects, also when those are not known as ready yet', () => {
    const parts = [stable, old, service('web'), service('pinned', 'b'), slice('web', [one])] as const;
    const set = old.object;
    const lacking = ['2 pods of web-a in Service web (1 are)'];
    expect(lackingEndpoints(view(...parts, one, two), set, 2)).toEqual(lacking);
    expect(lackingEndpoints(view(...parts, one), set, 2)).toEqual(lacking);
    expect(lackingEndpoints(view(...parts, one, two), set, 1)).toEqual([]);
    expect(lackingEndpoints(view(...parts, one, two), undefined, 2)).toEqual([]);
  });
});

describe('the highest fence', () => {
  it.each([
    ['of nothing', [], 0],
    ['of stable', [stable.fence(5), fresh], 5],
    ['of the canary', [stable.fence(5), fresh.fence(7)], 7],
    ['of a Service', [stable.fence(5), service('web').fence(9)], 9],
    ['compares numbers', [stable.fence(9), fresh.fence(10)], 10],
  ])('%s', (_name, objects, fence) => {
    expect(fenceOf(view(...objects))).toBe(fence);
  });
});

describe('small facts', () => {
  it('an empty selector matches nothing', () => {
    expect([
      matches({}, { a: 'b' }),
      matches(undefined, {}),
      matches({ a: 'b' }, { a: 'b', c: 'd' }),
    ]).toEqual([false, false, true]);
  });

  it('a controller has seen an object when it observed its newest generation', () => {
    expect([isObserved(stable.object), isObserved(stable.meta({ generation: 2 }).object)]).toEqual([
      true,
      false,
    ]);
  });

  it('a pod is ready by its condition', () => {
    expect([isReady(one.object), isReady(one.status({ conditions: [] }).object)]).toEqual([true, false]);
  });
});
