import { applicationWith, flaws } from './application-flaws';
import { valueOf } from './read-yaml';

const source = 'source: { repoURL: /srv/git/shop.git }';
const read = (entries: string) => applicationWith(`${source}\nignoreDifferences: ${entries}`);
const none = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] };

test.each([
  ['[]', undefined],
  [
    '[{ group: apps, kind: Deployment, jsonPointers: [/spec/replicas, /metadata/annotations/a~1b~0c, /a//b] }]',
    [
      {
        ...none,
        group: 'apps',
        kind: 'Deployment',
        jsonPointers: ['/spec/replicas', '/metadata/annotations/a~1b~0c', '/a//b'],
      },
    ],
  ],
  [
    `[{ kind: ConfigMap, name: web, namespace: shop, jqPathExpressions: ['.data["a"]'] }]`,
    [
      {
        ...none,
        group: '',
        kind: 'ConfigMap',
        name: 'web',
        namespace: 'shop',
        jqPathExpressions: ['.data["a"]'],
      },
    ],
  ],
  [
    '[{ group: "*", kind: "*", name: "", managedFieldsManagers: [kube-controller-manager] }]',
    [{ ...none, group: '*', kind: '*', managedFieldsManagers: ['kube-controller-manager'] }],
  ],
])('reads %s', (written, expected) => {
  expect(valueOf(read(written)).ignoreDifferences).toEqual(expected);
});

const pointerRemedy = 'write /spec/replicas; a slash inside of a name is ~1, a tilde is ~0';

test.each([
  ['{}', 'InvalidSpec spec.ignoreDifferences: must be a list, not a map of fields; write its items below it'],
  [
    '[{ group: apps, jsonPointers: [/a] }]',
    'InvalidSpec spec.ignoreDifferences[0].kind: is missing; write the kind of object, or "*" for all',
  ],
  [
    '[{ kind: Secret, jsonPointers: [] }]',
    'InvalidSpec spec.ignoreDifferences[0]: ignores nothing; write one of: jsonPointers, jqPathExpressions, managedFieldsManagers',
  ],
  [
    '[{ kind: Secret, jsonPointers: [spec/replicas] }]',
    `InvalidSpec spec.ignoreDifferences[0].jsonPointers[0]: "spec/replicas" is no JSON pointer; ${pointerRemedy}`,
  ],
  [
    '[{ kind: Secret, jsonPointers: [/a, /b~2] }]',
    `InvalidSpec spec.ignoreDifferences[0].jsonPointers[1]: "/b~2" is no JSON pointer; ${pointerRemedy}`,
  ],
  [
    '[{ kind: Secret, jsonPointers: [""] }]',
    'InvalidSpec spec.ignoreDifferences[0].jsonPointers[0]: is empty; remove it',
  ],
  [
    '[{ kind: Secret, jqPathExpressions: [1] }]',
    'InvalidSpec spec.ignoreDifferences[0].jqPathExpressions[0]: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    '[{ kind: Secret, managedFieldsManagers: helm }]',
    'InvalidSpec spec.ignoreDifferences[0].managedFieldsManagers: must be a list, not a text; write its items below it',
  ],
  [
    '[{ kind: Secret, jsonPointer: [/a], jqPathExpressions: [.a] }]',
    'UnknownField spec.ignoreDifferences[0].jsonPointer: unknown field; did you mean "jsonPointers"?',
  ],
])('refuses %s', (written, ...told) => {
  expect(flaws(read(written))).toEqual(told);
});
