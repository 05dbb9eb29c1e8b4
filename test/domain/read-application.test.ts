import { readApplication } from '../../src/domain/read-application';
import { applicationText, between, edit, objectsIn, told, valueOf, type BadRow } from './read-yaml';

const first = (text: string) => {
  const [located] = objectsIn(text, 'app.yaml');
  if (located === undefined) throw new Error('no object');
  return readApplication(located);
};
const namespace = '  namespace: argocd\n';
const source = between(applicationText, '  source:', '  destination:');
const spec = applicationText.slice(applicationText.indexOf('spec:'));

test('an Application is read as Argo CD reads it', () => {
  expect(valueOf(first(applicationText))).toEqual({
    name: 'shop',
    project: 'default',
    source: {
      repoUrl: 'https://git.example/team/shop.git',
      path: 'deploy/shop',
      targetRevision: 'main',
      recurse: false,
    },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    automated: { prune: true, selfHeal: true, allowEmpty: false },
    createNamespace: true,
    revisionHistoryLimit: 10,
    cascade: true,
    writeBack: 'pull-request-if-protected',
  });
});

test('the shortest Application has the defaults', () => {
  const text = `
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: { name: shop }
    spec: { source: { repoURL: /srv/git/shop.git }, destination: { name: in-cluster, namespace: shop } }
  `;
  expect(valueOf(first(text))).toEqual({
    name: 'shop',
    project: 'default',
    source: { repoUrl: '/srv/git/shop.git', path: '.', targetRevision: 'HEAD', recurse: false },
    destination: { name: 'in-cluster', namespace: 'shop' },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'pull-request-if-protected',
  });
});

test.each([
  [
    'the policy of writing back',
    namespace,
    '  annotations: { belay.dev/write-back: "off" }\n',
    { writeBack: 'off' },
  ],
  [
    'annotations of other tools',
    namespace,
    '  annotations: { argocd.argoproj.io/refresh: hard }\n',
    { name: 'shop' },
  ],
  ['a history', 'project: default', 'revisionHistoryLimit: 3', { revisionHistoryLimit: 3 }],
  ['an empty project', 'project: default', 'project: ""', { project: 'default' }],
  [
    'information for people',
    'project: default',
    'info: [{ name: url, value: https://shop.example }]',
    { name: 'shop' },
  ],
  ['an empty list of ignored differences', 'project: default', 'ignoreDifferences: []', { name: 'shop' }],
  ['a status', 'spec:', 'status: { sync: { status: Synced } }\nspec:', { name: 'shop' }],
])('reads %s', (_name, from, to, expected) => {
  expect(valueOf(first(edit(applicationText, from, to)))).toMatchObject(expected);
});

const rows: readonly BadRow[] = [
  [
    'a name with capitals',
    'name: shop\n  namespace',
    'name: Shop\n  namespace',
    'InvalidSpec app.yaml:4: Application argocd/Shop: metadata.name: name "Shop" is not made of at most 63 lower-case letters, digits and dashes; rename it: the name becomes a workflow id and a label value',
  ],
  [
    'a name that is too long',
    'name: shop\n  namespace',
    `name: ${'a'.repeat(64)}\n  namespace`,
    'InvalidSpec app.yaml:4: Application argocd/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: metadata.name: name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is not made of at most 63 lower-case letters, digits and dashes; rename it: the name becomes a workflow id and a label value',
  ],
  [
    'a name with a dot',
    'name: shop\n  namespace',
    'name: shop.web\n  namespace',
    'InvalidSpec app.yaml:4: Application argocd/shop.web: metadata.name: name "shop.web" is not made of at most 63 lower-case letters, digits and dashes; rename it: the name becomes a workflow id and a label value',
  ],
  [
    'an unknown policy of writing back',
    namespace,
    '  annotations: { belay.dev/write-back: revret }\n',
    'InvalidSpec app.yaml:5: Application shop: metadata.annotations["belay.dev/write-back"]: "revret" is none of revert, pull-request, pull-request-if-protected, hold, off; did you mean "revert"?',
  ],
  [
    'the policy `off` without quotes',
    namespace,
    '  annotations: { belay.dev/write-back: off }\n',
    'InvalidSpec app.yaml:5: Application shop: metadata.annotations["belay.dev/write-back"]: must be a text, not the boolean false; write it in quotes: YAML reads y, n, yes, no, on and off as true and false',
  ],
  [
    'an annotation of workloads',
    namespace,
    '  annotations: { belay.dev/config-rollout: "false" }\n',
    'UnknownField app.yaml:5: Application shop: metadata.annotations["belay.dev/config-rollout"]: unknown annotation; known here: belay.dev/write-back, belay.dev/write-back-confirm, belay.dev/write-back-other-commits, belay.dev/pull-request-labels, belay.dev/pull-request-reviewers, belay.dev/pull-request-auto-merge, belay.dev/release, belay.dev/depends-on, belay.dev/release-mode, belay.dev/release-rollback, belay.dev/release-bake, belay.dev/release-new-commit, belay.dev/release-parallel, belay.dev/sync-timeout, belay.dev/policies',
  ],
  [
    'misspelt annotations',
    namespace,
    '  anotations: { belay.dev/write-back: hold }\n',
    'UnknownField app.yaml:5: Application shop: metadata.anotations: unknown field; did you mean "annotations"?',
  ],
  [
    'no spec',
    spec,
    '',
    'InvalidSpec app.yaml:1: Application argocd/shop: spec: is missing; write spec.source and spec.destination',
  ],
  [
    'an operation',
    'spec:',
    'operation: { sync: {} }\nspec:',
    'Unsupported app.yaml:7: Application argocd/shop: operation: an operation written in the object is not supported yet; remove it and ask with `belay app sync`',
  ],
  [
    'a misspelt field beside the spec',
    'spec:',
    'specs: {}\nspec:',
    'UnknownField app.yaml:7: Application argocd/shop: specs: unknown field; did you mean "spec"?',
  ],
  [
    'a source hydrator',
    source,
    '  sourceHydrator: { drySource: {} }\n',
    'Unsupported app.yaml:9: Application argocd/shop: spec.sourceHydrator: the source hydrator is not supported yet; point spec.source at the branch that holds the rendered manifests',
  ],
  [
    'a misspelt field of the spec',
    'project: default',
    'projekt: default',
    'UnknownField app.yaml:8: Application argocd/shop: spec.projekt: unknown field; did you mean "project"?',
  ],
  [
    'a negative history',
    'project: default',
    'revisionHistoryLimit: -1',
    'InvalidSpec app.yaml:8: Application argocd/shop: spec.revisionHistoryLimit: -1 is below 0; use 0 or more',
  ],
  [
    'an unknown version',
    'argoproj.io/v1alpha1',
    'argoproj.io/v1',
    'InvalidSpec app.yaml:1: Application argocd/shop: apiVersion: version argoproj.io/v1 is unknown; write argoproj.io/v1alpha1',
  ],
  [
    'an ApplicationSet',
    'kind: Application',
    'kind: ApplicationSet',
    'Unsupported app.yaml:1: ApplicationSet argocd/shop: ApplicationSet is not supported yet; write one Application for each of the applications that it would generate',
  ],
  [
    'an AppProject',
    'kind: Application',
    'kind: AppProject',
    'Unsupported app.yaml:1: AppProject argocd/shop: AppProject is not supported yet; keep it out of the files given to Belay; limits of a project are set at the worker',
  ],
  [
    'another kind',
    'kind: Application',
    'kind: Rollout',
    'InvalidSpec app.yaml:1: Rollout argocd/shop: is not an Application; give a file that holds only applications (argoproj.io/v1alpha1)',
  ],
  [
    'an Application of another group',
    'argoproj.io/v1alpha1',
    'app.k8s.io/v1beta1',
    'InvalidSpec app.yaml:1: Application argocd/shop: is not an Application; give a file that holds only applications (argoproj.io/v1alpha1)',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(first(edit(applicationText, from, to)))).toEqual(expected);
});

test('everything that is wrong is said at once', () => {
  const text = edit(edit(applicationText, 'path: deploy/shop', 'path: ../shop'), '    namespace: shop\n', '');
  expect(told(first(text))).toEqual([
    'InvalidSpec app.yaml:12: Application argocd/shop: spec.source.path: path ../shop has ".." in it; ' +
      "write it relative to the repository's root, such as deploy/web",
    'InvalidSpec app.yaml:13: Application argocd/shop: spec.destination.namespace: is missing; ' +
      'write the namespace for objects that name none',
  ]);
});
