import type { SourceSpec } from '../../src/domain/application-spec';
import { Fields } from '../../src/domain/fields';
import { locate } from '../../src/domain/located';
import type { Problem } from '../../src/domain/problem';
import type { JsonMap } from '../../src/domain/read-json';
import { readSourceOverrides } from '../../src/domain/read-source-overrides';

const source: SourceSpec = {
  repoUrl: 'https://git.example/shop.git',
  path: 'deploy/web',
  targetRevision: 'main',
  recurse: false,
  helm: { skipCrds: true, releaseName: 'web', valueFiles: ['a.yaml'], namespace: 'tools' },
};

function overridden(file: JsonMap) {
  const problems: Problem[] = [];
  const located = locate({ apiVersion: 'v1', kind: 'Source', metadata: { name: '' } }, '.argocd-source.yaml');
  const merged = readSourceOverrides(new Fields({ located, problems }, [], file), source, []);
  return { merged, told: problems.map(({ field = '', message }) => `${field}: ${message}`) };
}

test.each<readonly [string, JsonMap, SourceSpec['helm']]>([
  [
    'adds',
    { parameters: [{ name: 'image.tag', value: 'v2' }] },
    { ...source.helm, parameters: [{ name: 'image.tag', value: 'v2' }] },
  ],
  ['replaces lists', { valueFiles: ['b.yaml'] }, { ...source.helm, valueFiles: ['b.yaml'] }],
  ['switches off', { skipCrds: false }, { releaseName: 'web', valueFiles: ['a.yaml'], namespace: 'tools' }],
  ['takes away', { releaseName: null, valueFiles: [], namespace: '' }, { skipCrds: true }],
  ['leaves alone', {}, source.helm],
])('a file of overrides %s what it writes', (_name, helm, expected) => {
  expect(overridden({ helm })).toEqual({ merged: { ...source, helm: expected }, told: [] });
});

test('where the source lies stays, and what is unknown is named', () => {
  expect(overridden({ path: 'other', targetRevision: 'evil', helmm: {} })).toEqual({
    merged: source,
    told: ['helmm: unknown field'],
  });
});
