import { refOf, type KubeObject, type ObjectRef } from '../../src/domain/kube-object';
import { gitManager, marks, rolloutManager } from '../../src/domain/marks';
import { mergePatch } from '../../src/domain/merge-patch';
import { routerOf } from '../../src/domain/routing';
import type { RouteGoal } from '../../src/domain/routing/router';
import { goalOf } from '../domain/routing/routes';
import { samples, type Sample } from '../domain/routing/samples';
import { startLab, type Lab } from '../support/cluster-lab';
import { installRouterKinds } from './routing-crds';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  const { gateway } = await installRouterKinds(lab.kube);
  // Offline, without the Go module, the routes of the Gateway API have no schema that could refuse them.
  if (gateway === 'own') console.warn('the real definitions of the Gateway API are not on this machine');
});
afterAll(() => lab.stop());

const edited = samples.filter(({ base, spec }) => !isSource(base, spec));
const owned = samples.filter(({ base, spec }) => isSource(base, spec));

function isSource(base: KubeObject, spec: Sample['spec']): boolean {
  const objects = routerOf(spec).objects(spec, { namespace: 'shop', goal: goalOf() });
  return objects.some(({ from }) => from?.kind === base.kind);
}

function compose({ spec }: Sample, base: KubeObject, goal: RouteGoal): KubeObject {
  const result = routerOf(spec).compose(spec, base, goal);
  if (!result.ok) throw new Error(`${result.field}: ${result.message}; ${result.remedy}`);
  return result.object;
}

/** What a rollout writes to turn the live object into the wanted one; undefined when nothing differs. */
function difference(live: KubeObject, wanted: KubeObject): object | undefined {
  const part = ({ metadata, ...object }: KubeObject): Readonly<Record<string, unknown>> => ({
    metadata: { annotations: metadata.annotations ?? {} },
    spec: object['spec'],
  });
  return mergePatch(part(live), part(wanted));
}

/** All that a person or a router can see of an object. */
function seen({ metadata, ...object }: KubeObject): object {
  const { labels, annotations = {}, generation } = metadata;
  return { ...object, labels, annotations, generation };
}

async function get(ref: ObjectRef): Promise<KubeObject> {
  const object = await lab.kube.get(ref);
  if (object === undefined) throw new Error(`there is no ${ref.kind} ${ref.name}`);
  return object;
}

async function inNamespace(base: KubeObject): Promise<KubeObject> {
  const namespace = await lab.namespace();
  return { ...base, metadata: { ...base.metadata, namespace } };
}

describe.each(edited)("$name, which is the team's", (sample) => {
  let git: KubeObject;
  let before: KubeObject;
  let ref: ObjectRef;
  const reach = async (goal: RouteGoal): Promise<KubeObject> => {
    const live = await get(ref);
    const patch = difference(live, compose(sample, live, goal));
    if (patch === undefined) return live;
    return lab.kube.patch(ref, patch, { manager: rolloutManager });
  };

  beforeAll(async () => {
    git = await inNamespace(sample.base);
    before = await lab.kube.apply(git, { manager: gitManager });
    ref = refOf(before);
  });

  test('has what was composed, and nothing else, after each goal', async () => {
    for (const goal of sample.goals) {
      const wanted = compose(sample, await get(ref), goal);
      const live = await reach(goal);
      expect(live['spec']).toEqual(wanted['spec']);
      expect(live.metadata.annotations).toEqual(wanted.metadata.annotations);
      expect(live.metadata.labels).toEqual(before.metadata.labels);
      expect(difference(live, compose(sample, live, goal))).toBeUndefined();
    }
  });

  test("is not changed when Git's object is applied with the same goal", async () => {
    for (const goal of sample.goals) {
      const live = await reach(goal);
      const applied = await lab.kube.apply(compose(sample, git, goal), { manager: gitManager });
      expect(seen(applied)).toEqual(seen(live));
      const again = await lab.kube.apply(compose(sample, git, goal), { manager: gitManager });
      expect(again.metadata.resourceVersion).toBe(applied.metadata.resourceVersion);
    }
  });

  test('is what Git says again at the end', async () => {
    await reach(sample.goals.at(-1) ?? goalOf());
    await reach(goalOf({ managedRoutes: sample.goals.flatMap(({ managedRoutes }) => managedRoutes) }));
    await lab.kube.patch(
      ref,
      { metadata: { annotations: { [marks.route]: null } } },
      { manager: rolloutManager },
    );
    const { metadata, ...after } = await lab.kube.apply(git, { manager: gitManager });
    expect(after['spec']).toEqual(before['spec']);
    const { 'alb.ingress.kubernetes.io/actions.web-root': action, ...annotations } =
      metadata.annotations ?? {};
    expect(annotations).toEqual(before.metadata.annotations ?? {});
    // Without its action the load balancer's path would lead nowhere.
    expect(action !== undefined).toBe(sample.spec.kind === 'alb');
    expect(metadata.labels).toEqual(before.metadata.labels);
  });
});

describe.each(owned)("$name, the rollout's own", (sample) => {
  test('is made, weighted and removed beside the object that it is made from', async () => {
    const source = await lab.kube.apply(await inNamespace(sample.base), { manager: gitManager });
    const first = compose(sample, source, sample.goals[0] ?? goalOf());
    const ref = refOf(await lab.kube.create(first, { manager: rolloutManager }));
    for (const goal of sample.goals) {
      const wanted = compose(sample, source, goal);
      const live = await get(ref);
      const patch = difference(live, wanted);
      if (patch !== undefined) await lab.kube.patch(ref, patch, { manager: rolloutManager });
      const after = await get(ref);
      expect(after['spec']).toEqual(wanted['spec']);
      expect(after.metadata.annotations).toEqual(wanted.metadata.annotations);
      expect(routerOf(sample.spec).weightOf(sample.spec, after, goal)).toBe(goal.weight);
    }
    expect(await lab.kube.remove(ref, { propagation: 'Background' })).toBe(true);
    expect(await get(refOf(source))).toEqual(source);
  });
});
