import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSystemIgnores } from '../../../src/adapters/manifests/load-argocd-cm';

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'belay-argocd-cm-')), 'argocd-cm.yaml');
  writeFileSync(path, text);
  return path;
}

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n';

test('reads the differences that are ignored everywhere', () => {
  const text = `${head}  resource.customizations.ignoreDifferences.apps_Deployment: |\n    jsonPointers: [/spec/replicas]\n`;
  expect(loadSystemIgnores(file(text))).toMatchObject([
    { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] },
  ]);
});

test('a ConfigMap without data, as Argo CD installs it, ignores nothing', () => {
  const bare = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\n';
  for (const text of [bare, head]) expect(loadSystemIgnores(file(text))).toEqual([]);
});

test.each([
  ['a file that is not there', undefined, 'cannot read'],
  ['no ConfigMap', 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n', 'holds no ConfigMap'],
  ['no YAML', '{', 'argocd-cm.yaml'],
  [
    'a setting that is no YAML',
    `${head}  resource.customizations.ignoreDifferences.apps_Deployment: "{"\n`,
    'argocd-cm.yaml',
  ],
])('names what is wrong: %s', (_what, text, message) => {
  const path = text === undefined ? '/nowhere/argocd-cm.yaml' : file(text);
  expect(() => loadSystemIgnores(path)).toThrow(message);
});
