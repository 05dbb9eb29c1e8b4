import type { Problem } from '../../../src/domain/problem';
import { optionsOf, planSync, type PlanSettings } from '../../../src/domain/sync/plan';
import { objectsIn, told } from '../read-yaml';

const text = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { argocd.argoproj.io/sync-wave: "4" } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, annotations: { argocd.argoproj.io/sync-wave: "-1" } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
---
apiVersion: v1
kind: Service
metadata: { name: web }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { argocd.argoproj.io/hook: "PreSync,PostSync" } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: mourn, annotations: { argocd.argoproj.io/hook: SyncFail } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: beside, annotations: { argocd.argoproj.io/hook: Sync } }
---
apiVersion: v1
kind: Pod
metadata: { name: check, annotations: { helm.sh/hook: test } }
---
apiVersion: v1
kind: Secret
metadata: { name: elsewhere, annotations: { argocd.argoproj.io/hook: Skip } }
`;

function planOf(yaml: string, settings: PlanSettings = { namespace: 'shop' }) {
  const problems: Problem[] = [];
  const { steps, skipped } = planSync(objectsIn(yaml), problems, settings);
  return {
    steps: steps.map(({ phase, wave, tasks }) => ({
      [`${phase} ${wave}`]: tasks.map(
        ({ located: { object }, isHook }) =>
          `${object.kind} ${object.metadata.name}${isHook ? ' (hook)' : ''}`,
      ),
    })),
    skipped: skipped.map(({ object }) => object.metadata.name),
    told: told({ ok: false, problems }),
  };
}

describe('the plan of a sync', () => {
  const steps = [
    { 'PreSync 0': ['Namespace shop', 'Job migrate (hook)'] },
    { 'Sync -1': ['ConfigMap settings'] },
    { 'Sync 0': ['Service web', 'Deployment web', 'Job beside (hook)'] },
    { 'PostSync 0': ['Job migrate (hook)'] },
    { 'SyncFail 0': ['Job mourn (hook)'] },
  ];

  test('has its steps by phase and wave, a hook of two phases in both, and names what it leaves out', () => {
    expect(planOf(text)).toEqual({ steps, skipped: ['check', 'elsewhere'], told: [] });
  });

  test('does not depend on the order in which Git has the objects', () => {
    const documents = text.split('---\n');
    for (let turn = 1; turn < documents.length; turn++) {
      const turned = [...documents.slice(turn), ...documents.slice(0, turn)].map((each) => each.trim());
      expect(planOf(turned.join('\n---\n')).steps).toEqual(steps);
    }
    expect(planOf(documents.toReversed().join('\n---\n')).steps).toEqual(steps);
  });

  test('gives a task its place, and the marks as they are written', () => {
    const [first] = planSync(objectsIn(text), [], { namespace: 'shop' }).steps;
    expect(first?.tasks[0]).toMatchObject({ phase: 'PreSync', wave: 0, isHook: false, marks: { wave: 4 } });
    expect(Object.keys(first?.tasks[0] ?? {}).sort()).toEqual([
      'isHook',
      'located',
      'marks',
      'phase',
      'wave',
    ]);
  });

  test('moves a namespace only for what is really in it, if it can tell', () => {
    const yaml = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader, annotations: { argocd.argoproj.io/sync-wave: "-1" } }
`;
    const both = [{ 'Sync -1': ['Namespace shop', 'ClusterRole reader'] }];
    expect(planOf(yaml).steps).toEqual(both);
    const isNamespaced = ({ kind }: { readonly kind: string }) => kind === 'ConfigMap';
    const apart = [{ 'Sync -1': ['ClusterRole reader'] }, { 'Sync 0': ['Namespace shop'] }];
    expect(planOf(yaml, { namespace: 'shop', isNamespaced }).steps).toEqual(apart);
    expect(planOf(yaml, { namespace: 'other' }).steps).toEqual(apart);
  });

  test('moves a definition along with the namespace that its object needs', () => {
    const yaml = `
apiVersion: example.com/v1
kind: Gadget
metadata: { name: g, namespace: tools, annotations: { argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: "2" } }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec: { group: example.com, names: { kind: Gadget } }
---
apiVersion: v1
kind: Namespace
metadata: { name: tools, annotations: { argocd.argoproj.io/sync-wave: "9" } }
`;
    const tasks = ['Namespace tools', 'CustomResourceDefinition gadgets.example.com', 'Gadget g (hook)'];
    expect(planOf(yaml).steps).toEqual([{ 'PreSync 2': tasks }]);
  });

  test('of nothing has no steps', () => {
    expect(planOf('')).toEqual({ steps: [], skipped: [], told: [] });
  });

  test('says every problem, and is whole all the same', () => {
    const yaml = text.replace('"4"', 'four').replace('Skip', 'Skipp');
    const plan = planOf(yaml);
    expect(plan.told).toEqual([
      expect.stringContaining(
        'web.yaml:4: Namespace shop: metadata.annotations["argocd.argoproj.io/sync-wave"]',
      ),
      expect.stringContaining('did you mean "Skip"?'),
    ]);
    expect(plan.steps).toEqual(steps);
  });
});

test("an object's own options win over those of the application, field by field", () => {
  const yaml = `
apiVersion: v1
kind: Secret
metadata: { name: a, annotations: { argocd.argoproj.io/sync-options: "Replace=false,Prune=confirm" } }
`;
  const [step] = planSync(objectsIn(yaml), [], { namespace: 'shop' }).steps;
  const [task] = step?.tasks ?? [];
  if (task === undefined) throw new Error('no task');
  expect(optionsOf(task, { replace: true, prune: false, validate: false })).toEqual({
    replace: false,
    prune: 'confirm',
    validate: false,
  });
  expect(optionsOf(task)).toEqual({ replace: false, prune: 'confirm' });
});
