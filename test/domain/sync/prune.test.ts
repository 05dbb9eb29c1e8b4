import { nameOf, refOf, type KubeObject } from '../../../src/domain/kube-object';
import { planDelete, planPrune, type Gone, type PrunePlan } from '../../../src/domain/sync/prune';

const versions: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Gadget: 'example.com/v1',
};

/** `Kind name`, `Kind namespace/name`, then `@wave` and `?Option=value`; a definition is that of Gadgets. */
function goneOf(text: string): Gone {
  const [, kind = '', place = '', wave, options] =
    /^(\w+) ([^@?]+)(?:@(-?\d+))?(?:\?(.*))?$/.exec(text) ?? [];
  const [name = '', namespace] = place.split('/').reverse();
  const annotations = {
    ...(wave !== undefined && { 'argocd.argoproj.io/sync-wave': wave }),
    ...(options !== undefined && { 'argocd.argoproj.io/sync-options': options }),
  };
  const live: KubeObject = {
    apiVersion: versions[kind] ?? 'v1',
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), annotations },
    ...(kind === 'CustomResourceDefinition' && { spec: { group: 'example.com', names: { kind: 'Gadget' } } }),
  };
  return { ref: refOf(live), live };
}

function said({ steps, skipped, unconfirmed }: PrunePlan) {
  return {
    steps: steps.map((refs) => refs.map(nameOf).join(', ')),
    skipped: skipped.map(({ ref, why }) => `${nameOf(ref)}: ${why}`),
    unconfirmed: unconfirmed.map(nameOf),
  };
}

const prune = (texts: readonly string[], app = {}, confirmed = false) =>
  said(planPrune(texts.map(goneOf), app, confirmed));

describe('what Git no longer has', () => {
  test('goes wave by wave in reverse, and in each wave the last kinds first', () => {
    const gone = [
      'ConfigMap shop/a',
      'Deployment shop/b',
      'Service shop/c',
      'Job shop/d@2',
      'ConfigMap shop/e@-1',
    ];
    expect(prune(gone)).toEqual({
      steps: ['Job shop/d', 'Deployment shop/b, Service shop/c, ConfigMap shop/a', 'ConfigMap shop/e'],
      skipped: [],
      unconfirmed: [],
    });
  });

  test('goes before the namespace it is in and the definition of its kind, whatever their waves', () => {
    const gone = [
      'Namespace shop@5',
      'ConfigMap shop/a',
      'Gadget shop/g@1',
      'CustomResourceDefinition gadgets@7',
    ];
    expect(prune(gone).steps).toEqual([
      'Gadget shop/g, CustomResourceDefinition gadgets',
      'ConfigMap shop/a, Namespace shop',
    ]);
  });

  test('goes last with PruneLast, and what it is in with it', () => {
    const gone = ['Namespace shop', 'ConfigMap shop/a?PruneLast=true', 'ConfigMap shop/b', 'Job other/c@3'];
    expect(prune(gone).steps).toEqual([
      'Job other/c',
      'ConfigMap shop/b',
      'ConfigMap shop/a, Namespace shop',
    ]);
    expect(prune(gone, { pruneLast: true }).steps).toEqual([
      'Job other/c, ConfigMap shop/b, ConfigMap shop/a, Namespace shop',
    ]);
  });

  test('goes in its own wave with PruneLast=false of its own', () => {
    const gone = ['ConfigMap shop/a?PruneLast=false', 'ConfigMap shop/b@1'];
    expect(prune(gone, { pruneLast: true }).steps).toEqual(['ConfigMap shop/a', 'ConfigMap shop/b']);
  });

  test('stays with Prune=false, and what would take it along stays too', () => {
    const gone = ['Namespace shop', 'Deployment shop/a', 'ConfigMap shop/b?Prune=false', 'Namespace other'];
    expect(prune(gone)).toEqual({
      steps: ['Deployment shop/a, Namespace other'],
      skipped: [
        'Namespace shop: ignored (ConfigMap shop/b stays in it)',
        'ConfigMap shop/b: ignored (no prune)',
      ],
      unconfirmed: [],
    });
  });

  test('goes with Prune=true of its own where the application says no', () => {
    expect(prune(['ConfigMap shop/a?Prune=true', 'ConfigMap shop/b'], { prune: false })).toMatchObject({
      steps: ['ConfigMap shop/a'],
      skipped: ['ConfigMap shop/b: ignored (no prune)'],
    });
  });

  test('waits for a person with Prune=confirm, and what would take it along waits too', () => {
    const gone = ['CustomResourceDefinition gadgets', 'Gadget shop/g?Prune=confirm', 'ConfigMap shop/a'];
    expect(prune(gone)).toEqual({
      steps: ['ConfigMap shop/a'],
      skipped: [],
      unconfirmed: ['CustomResourceDefinition gadgets', 'Gadget shop/g'],
    });
    expect(prune(gone, {}, true)).toEqual({
      steps: ['Gadget shop/g, CustomResourceDefinition gadgets, ConfigMap shop/a'],
      skipped: [],
      unconfirmed: [],
    });
  });

  test('goes once the live object is approved', () => {
    const { ref, live } = goneOf('Gadget shop/g?Prune=confirm');
    const annotations = {
      ...live.metadata.annotations,
      'argocd.argoproj.io/deletion-approved': '2026-11-23T12:00:00Z',
    };
    const approved = { ref, live: { ...live, metadata: { ...live.metadata, annotations } } };
    expect(said(planPrune([approved], {}, false)).steps).toEqual(['Gadget shop/g']);
    const empty = { ...annotations, 'argocd.argoproj.io/deletion-approved': '' };
    const refused = { ref, live: { ...live, metadata: { ...live.metadata, annotations: empty } } };
    expect(said(planPrune([refused], {}, false)).unconfirmed).toEqual(['Gadget shop/g']);
  });

  test.each([
    ['argocd.argoproj.io/hook', 'PreSync'],
    ['argocd.argoproj.io/hook', 'Skip'],
    ['argocd.argoproj.io/hook', 'whenever'],
    ['helm.sh/hook', 'test'],
  ])('stays as a hook with %s: %s', (name, value) => {
    const { ref, live } = goneOf('Job shop/a');
    const hook = { ref, live: { ...live, metadata: { ...live.metadata, annotations: { [name]: value } } } };
    expect(said(planPrune([hook], {}, true))).toEqual({
      steps: [],
      skipped: ['Job shop/a: ignored (hook)'],
      unconfirmed: [],
    });
    expect(said(planDelete([hook], {}, true)).steps).toEqual(['Job shop/a']);
  });

  test('is nothing where Git has everything', () => {
    expect(prune([])).toEqual({ steps: [], skipped: [], unconfirmed: [] });
  });

  test('leaves the namespace and the definition of what Git still has', () => {
    const gone = ['Namespace shop', 'CustomResourceDefinition gadgets', 'ConfigMap shop/a'].map(goneOf);
    const remaining = ['Deployment shop/web', 'Gadget other/g'].map((text) => goneOf(text).ref);
    expect(said(planPrune(gone, {}, true, remaining))).toEqual({
      steps: ['ConfigMap shop/a'],
      skipped: [
        'Namespace shop: ignored (Deployment shop/web stays in it)',
        'CustomResourceDefinition gadgets: ignored (Gadget other/g stays in it)',
      ],
      unconfirmed: [],
    });
  });

  test('is named by the references of the inventory', () => {
    const [gone] = [goneOf('Deployment shop/a')];
    const ref = { ...gone.ref, apiVersion: 'apps/v1beta1' };
    expect(planPrune([{ ...gone, ref }], {}, false).steps[0]?.[0]).toBe(ref);
  });
});

describe('an application that is deleted with its objects', () => {
  const objects = [
    'Namespace shop',
    'Deployment shop/a@1',
    'ConfigMap shop/b?PruneLast=true',
    'CustomResourceDefinition gadgets',
  ];

  test('deletes them in reverse, but no definitions', () => {
    expect(said(planDelete(objects.map(goneOf), {}, false))).toEqual({
      steps: ['Deployment shop/a', 'ConfigMap shop/b, Namespace shop'],
      skipped: ['CustomResourceDefinition gadgets: ignored (definitions outlive their application)'],
      unconfirmed: [],
    });
  });

  test('goes by Delete, not by Prune', () => {
    const kept = ['ConfigMap x/a?Prune=false', 'ConfigMap x/b?Delete=false', 'ConfigMap x/c?Delete=confirm'];
    expect(said(planDelete(kept.map(goneOf), { prune: 'confirm' }, false))).toEqual({
      steps: ['ConfigMap x/a'],
      skipped: ['ConfigMap x/b: ignored (no delete)'],
      unconfirmed: ['ConfigMap x/c'],
    });
    expect(said(planDelete(kept.map(goneOf), {}, true)).steps).toEqual(['ConfigMap x/c, ConfigMap x/a']);
  });
});
