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
  ['CreateNamespace=true', { createNamespace: true }],
  ['CreateNamespace=false', { createNamespace: false }],
  ['PruneLast=true', { createNamespace: false, syncOptions: { pruneLast: true } }],
])('takes the sync option %s', (written, expected) => {
  const { createNamespace, syncOptions } = valueOf(read(option, `- ${written}`));
  expect({ createNamespace, syncOptions }).toEqual(expected);
});

test('the last one of two equal sync options counts', () => {
  const both = `${option}\n      - CreateNamespace=false`;
  expect(valueOf(read(option, both))).toMatchObject({ createNamespace: false });
});

test.each([
  ['labels', 'labels: { team: front }', { labels: { team: 'front' }, annotations: {} }],
  ['annotations', 'annotations: { a: "1" }', { labels: {}, annotations: { a: '1' } }],
  ['nothing', '', undefined],
])('reads %s of the namespace', (_name, written, expected) => {
  const { namespaceMetadata } = valueOf(read(automated, `managedNamespaceMetadata: { ${written} }\n`));
  expect(namespaceMetadata).toEqual(expected);
});

const defaults = { limit: 5, durationMs: 5_000, factor: 2, maxDurationMs: 180_000, refresh: false };
const backoff = 'backoff: { duration: 10s, factor: 3, maxDuration: 1h30m }';

test.each([
  ['{}', defaults],
  ['{ backoff: {} }', defaults],
  ['{ limit: 0 }', { ...defaults, limit: 0 }],
  ['{ limit: -1 }', { ...defaults, limit: -1 }],
  ['{ backoff: { duration: "7", maxDuration: "" } }', { ...defaults, durationMs: 7_000 }],
  [
    `{ limit: 2, refresh: true, ${backoff} }`,
    { limit: 2, refresh: true, durationMs: 10_000, factor: 3, maxDurationMs: 5_400_000 },
  ],
])('reads the retry %s', (written, expected) => {
  expect(valueOf(read(automated, `retry: ${written}\n`)).retry).toEqual(expected);
});

const rows: readonly BadRow[] = [
  [
    'a misspelt field of the retry',
    automated,
    'retry: { limt: 5 }\n',
    'UnknownField app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.limt: unknown field; did you mean "limit"?',
  ],
  [
    'a misspelt field of the backoff',
    automated,
    'retry: { backoff: { maxDurations: 5s } }\n',
    'UnknownField app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.backoff.maxDurations: unknown field; did you mean "maxDuration"?',
  ],
  [
    'a limit in quotes',
    automated,
    'retry: { limit: "5" }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.limit: must be a whole number, not a text; write a whole number without quotes',
  ],
  [
    'a backoff that shrinks',
    automated,
    'retry: { backoff: { factor: 0 } }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.backoff.factor: 0 is below 1; use 1 or more',
  ],
  [
    'a backoff without a unit',
    automated,
    'retry: { backoff: { duration: 5 sec } }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.backoff.duration: 5 sec is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
  ],
  [
    'a backoff of nothing',
    automated,
    'retry: { backoff: { maxDuration: 0s } }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.retry.backoff.maxDuration: is no time at all; write a time such as 5s, or remove the field',
  ],
  [
    'metadata of the namespace with a misspelt field',
    automated,
    'managedNamespaceMetadata: { label: { a: b } }\n',
    'UnknownField app.yaml:17: Application argocd/shop: spec.syncPolicy.managedNamespaceMetadata.label: unknown field; did you mean "labels"?',
  ],
  [
    'metadata of the namespace that is no text',
    automated,
    'managedNamespaceMetadata: { labels: { a: 1 } }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.managedNamespaceMetadata.labels.a: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    'labels of the namespace that are ours',
    automated,
    'managedNamespaceMetadata: { labels: { belay.dev/application: x } }\n',
    'InvalidSpec app.yaml:17: Application argocd/shop: spec.syncPolicy.managedNamespaceMetadata.labels["belay.dev/application"]: labels under belay.dev/ are Belay\'s own; remove it, or give it a prefix of your own',
  ],
  [
    'metadata of a namespace that is not made',
    policy,
    '  syncPolicy: { managedNamespaceMetadata: { labels: { a: b } } }\n',
    'InvalidSpec app.yaml:16: Application argocd/shop: spec.syncPolicy.managedNamespaceMetadata: has no effect without CreateNamespace=true; add CreateNamespace=true to syncOptions, or remove it',
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
    'a sync option with a wrong value',
    option,
    '- CreateNamespace=maybe',
    'InvalidSpec app.yaml:21: Application argocd/shop: spec.syncPolicy.syncOptions[0]: "maybe" is no value of sync option CreateNamespace; write true or false',
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
