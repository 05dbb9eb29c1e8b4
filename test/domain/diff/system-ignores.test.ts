import { parse } from 'yaml';
import { readSystemIgnores } from '../../../src/domain/diff/system-ignores';

const read = (data: Record<string, string>) => readSystemIgnores(data, (text) => parse(text) as unknown);
const lists = { jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] };
const prefix = 'resource.customizations.ignoreDifferences.';

test.each<[string, string, string]>([
  [
    'admissionregistration.k8s.io_MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'MutatingWebhookConfiguration',
  ],
  ['ConfigMap', '', 'ConfigMap'],
  ['_ConfigMap', '', 'ConfigMap'],
  ['all', '*', '*'],
  ['*.example.com_*', '*.example.com', '*'],
])('the key %s means group "%s" and kind %s', (key, group, kind) => {
  const value =
    'jsonPointers: [/a]\njqPathExpressions: [.b]\nmanagedFieldsManagers: [kube-controller-manager]\n';
  expect(read({ [`${prefix}${key}`]: value, 'resource.customizations.health.Pod': ':' })).toEqual({
    ok: true,
    value: [
      {
        group,
        kind,
        jsonPointers: ['/a'],
        jqPathExpressions: ['.b'],
        managedFieldsManagers: ['kube-controller-manager'],
      },
    ],
  });
});

test('the old form, in one text', () => {
  const old =
    'apps/Deployment:\n  ignoreDifferences: |\n    jsonPointers: [/spec/replicas]\n  health.lua: return\n';
  expect(read({ 'resource.customizations': old })).toEqual({
    ok: true,
    value: [{ ...lists, group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
  });
});

test.each<[string, string, RegExp]>([
  ['no YAML', 'a: [', /is no YAML/],
  ['a list', '[a]', /must be a map/],
  ['an unknown field', 'jsonPointer: [/a]', /unknown field "jsonPointer"/],
  ['a text for a list', 'jsonPointers: /a', /must be a list of texts/],
])('%s is a problem that names the key', (_name, value, message) => {
  const answer = read({ [`${prefix}apps_Deployment`]: value });
  expect(answer).toMatchObject({
    ok: false,
    problems: [
      {
        object: 'ConfigMap argocd-cm',
        field: `data["${prefix}apps_Deployment"]`,
        message: expect.stringMatching(message) as string,
      },
    ],
  });
});
