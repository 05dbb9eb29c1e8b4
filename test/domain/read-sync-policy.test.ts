import { readApplication } from '../../src/domain/read-application';
import { applicationText, edit, objectsIn, told, valueOf, type BadRow } from './read-yaml';

const policy = applicationText.slice(applicationText.indexOf('  syncPolicy:'));
const automated = 'automated:\n      prune: true\n      selfHeal: true\n';
const option = '- CreateNamespace=true';

const read = (from: string, to: string) => {
  const [located] = objectsIn(edit(applicationText, from, to), 'app.yaml');
  if (located === undefined) throw new Error('no object');
  return readApplication(located);
};

test.each([
  ['nothing', policy, '', undefined],
  ['an empty policy', policy, '  syncPolicy: {}\n', undefined],
  ['an empty word', automated, 'automated:\n', undefined],
  ['a policy that is switched off', automated, 'automated: { prune: true, enabled: false }\n', undefined],
  ['an empty map', automated, 'automated: {}\n', { prune: false, selfHeal: false, allowEmpty: false }],
  [
    'all of it',
    automated,
    'automated: { prune: true, selfHeal: true, allowEmpty: true, enabled: true }\n',
    { prune: true, selfHeal: true, allowEmpty: true },
  ],
])('reads %s', (_name, from, to, expected) => {
  expect(valueOf(read(from, to)).automated).toEqual(expected);
});

test.each([
  ['CreateNamespace=true', true],
  ['CreateNamespace=false', false],
  ['ServerSideApply=true', false],
  ['ServerSideApply=false', false],
  ['ApplyOutOfSyncOnly=true', false],
  ['Validate=true', false],
  ['PruneLast=false', false],
  ['Replace=false', false],
])('takes the sync option %s', (written, createNamespace) => {
  expect(valueOf(read(option, `- ${written}`))).toMatchObject({ createNamespace });
});

test('the last one of two equal sync options counts', () => {
  const both = `${option}\n      - CreateNamespace=false`;
  expect(valueOf(read(option, both))).toMatchObject({ createNamespace: false });
});

const rows: readonly BadRow[] = [
  [
    'a retry',
    automated,
    'retry: { limit: 5 }\n',
    'Unsupported app.yaml:17: Application argocd/shop: spec.syncPolicy.retry: retry is not supported yet; remove it: Belay tries a failed sync again by itself',
  ],
  [
    'metadata of the namespace',
    automated,
    'managedNamespaceMetadata: { labels: { a: b } }\n',
    'Unsupported app.yaml:17: Application argocd/shop: spec.syncPolicy.managedNamespaceMetadata: managedNamespaceMetadata is not supported yet; write the Namespace as a manifest with its labels and annotations',
  ],
  [
    'a misspelt policy',
    automated,
    'automatd: {}\n',
    'UnknownField app.yaml:17: Application argocd/shop: spec.syncPolicy.automatd: unknown field; did you mean "automated"?',
  ],
  [
    'a misspelt field of the policy',
    'prune: true',
    'prun: true',
    'UnknownField app.yaml:18: Application argocd/shop: spec.syncPolicy.automated.prun: unknown field; did you mean "prune"?',
  ],
  [
    'a word in the place of true',
    'prune: true',
    'prune: "true"',
    'InvalidSpec app.yaml:18: Application argocd/shop: spec.syncPolicy.automated.prune: must be true or false, not a text; write true or false without quotes',
  ],
  [
    'automation that is true',
    automated,
    'automated: true\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.automated: must be a map of fields, not the boolean true; write its fields below it',
  ],
  [
    'a sync option that is not done yet',
    option,
    '- PruneLast=true',
    'Unsupported app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: sync option PruneLast=true is not supported yet; remove it',
  ],
  [
    'sync options that change how objects are applied',
    option,
    '- Replace=true\n      - Force=true\n      - Validate=false',
    'Unsupported app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: sync option Replace=true is not supported yet; remove it: everything is applied server-side',
    'Unsupported app.yaml:22: Application argocd/shop: spec.syncPolicy.syncOptions[1]: sync option Force=true is not supported yet; remove it, and delete the object by hand where it must be made anew',
    'Unsupported app.yaml:23: Application argocd/shop: spec.syncPolicy.syncOptions[2]: sync option Validate=false is not supported yet; remove it: the API server always checks what is applied',
  ],
  [
    'sync options of pruning',
    option,
    '- PrunePropagationPolicy=foreground\n      - Prune=confirm\n      - Delete=false',
    'Unsupported app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: sync option PrunePropagationPolicy=foreground is not supported yet; remove it',
    'Unsupported app.yaml:22: Application argocd/shop: spec.syncPolicy.syncOptions[1]: sync option Prune=confirm is not supported yet; set syncPolicy.automated.prune',
    'Unsupported app.yaml:23: Application argocd/shop: spec.syncPolicy.syncOptions[2]: sync option Delete=false is not supported yet; remove it',
  ],
  [
    'the other sync options',
    option,
    '- FailOnSharedResource=true\n      - RespectIgnoreDifferences=true\n      - SkipDryRunOnMissingResource=true\n      - ClientSideApplyMigration=false',
    'Unsupported app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: sync option FailOnSharedResource=true is not supported yet; remove it: an object of another application is refused',
    'Unsupported app.yaml:22: Application argocd/shop: spec.syncPolicy.syncOptions[1]: sync option RespectIgnoreDifferences=true is not supported yet; remove it',
    'Unsupported app.yaml:23: Application argocd/shop: spec.syncPolicy.syncOptions[2]: sync option SkipDryRunOnMissingResource=true is not supported yet; remove it',
    'Unsupported app.yaml:24: Application argocd/shop: spec.syncPolicy.syncOptions[3]: sync option ClientSideApplyMigration=false is not supported yet; remove it',
  ],
  [
    'a sync option with a wrong value',
    option,
    '- CreateNamespace=maybe',
    'InvalidSpec app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: sync option CreateNamespace=maybe is neither true nor false; write true or false',
  ],
  [
    'a misspelt sync option',
    option,
    '- createNamespace=true',
    'UnknownField app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: unknown sync option createNamespace; did you mean "CreateNamespace"?',
  ],
  [
    'a sync option of nowhere',
    option,
    '- Fast=true',
    'UnknownField app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: unknown sync option Fast; remove it',
  ],
  [
    'a sync option without value',
    option,
    '- CreateNamespace',
    'InvalidSpec app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: must be written as Name=value, not "CreateNamespace"; such as CreateNamespace=true',
  ],
  [
    'a sync option that is a map',
    option,
    '- CreateNamespace: true',
    'InvalidSpec app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: must be written as Name=value, not a map of fields; such as CreateNamespace=true',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(read(from, to))).toEqual(expected);
});
