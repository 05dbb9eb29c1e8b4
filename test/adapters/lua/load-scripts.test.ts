import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadHealthScripts } from '../../../src/adapters/lua';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'belay-lua-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('health scripts of a worker', () => {
  test('are read from the ConfigMap of Argo CD', () => {
    const path = write(
      'argocd-cm.yaml',
      `apiVersion: v1
kind: Secret
metadata: { name: other }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-cm }
data:
  resource.customizations: |
    "*.example.com/*":
      health.lua: |
        return { status = "Healthy" }
  resource.customizations.health.example.com_Widget: |
    return { status = "Degraded" }
`,
    );
    expect(loadHealthScripts(path)).toEqual([
      { kinds: '*.example.com/*', lua: 'return { status = "Healthy" }\n' },
      { kinds: 'example.com/Widget', lua: 'return { status = "Degraded" }\n' },
    ]);
  });

  test('are read from a folder laid out as Argo CD lays it out', () => {
    write('example.com/Widget/health.lua', 'a');
    write('example.com/Widget/testdata/healthy.yaml', 'x');
    write('ConfigMap/health.lua', 'b');
    expect(loadHealthScripts(dir)).toEqual([
      { kinds: 'ConfigMap', lua: 'b' },
      { kinds: 'example.com/Widget', lua: 'a' },
    ]);
  });

  test.each([
    ['no data, as Argo CD installs it', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-cm }\n'],
    ['empty data', 'kind: ConfigMap\ndata:\n'],
    ['data without scripts', 'kind: ConfigMap\ndata: { url: "https://argocd.example.com" }\n'],
  ])('are none in a ConfigMap with %s', (_name, text) => {
    expect(loadHealthScripts(write('argocd-cm.yaml', text))).toEqual([]);
  });

  test.each([
    ['that is not there', undefined, /cannot read health scripts .*ENOENT/],
    ['without a ConfigMap', 'kind: Secret', /holds no ConfigMap whose data is a map; give/],
    ['with data that is no map', 'kind: ConfigMap\ndata: [a]', /holds no ConfigMap whose data is a map/],
    ['that is no YAML', 'kind: [', /argocd-cm\.yaml: /],
    [
      'with open libraries',
      'kind: ConfigMap\ndata: { resource.customizations.useOpenLibs.a_B: "true" }',
      /argocd-cm\.yaml: .*useOpenLibs\.a_B: .*remove useOpenLibs/,
    ],
    ['that is huge', `#${'x'.repeat(1024 * 1024)}`, /has \d+ bytes; at most 1048576/],
  ])('refuse a file %s', (_name, text, expected) => {
    const path = text === undefined ? join(dir, 'argocd-cm.yaml') : write('argocd-cm.yaml', text);
    expect(() => loadHealthScripts(path)).toThrow(expected);
  });

  test('refuse a folder without scripts, and one at the wrong depth', () => {
    expect(() => loadHealthScripts(dir)).toThrow(/holds no <group>\/<Kind>\/health\.lua/);
    write('a/b/c/health.lua', 'x');
    expect(() => loadHealthScripts(dir)).toThrow(/is not at <group>/);
  });
});
