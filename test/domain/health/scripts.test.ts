import { readHealthScripts, scriptFor } from '../../../src/domain/health/scripts';
import { describeProblem } from '../../../src/domain/problem';

const script = 'return { status = "Healthy" }';
const parse = (text: string): unknown => JSON.parse(text);
const read = (data: Readonly<Record<string, unknown>>) => readHealthScripts(data, parse);
const problemsOf = (data: Readonly<Record<string, unknown>>) => {
  const found = read(data);
  return found.ok ? [] : found.problems.map(describeProblem);
};

describe('health scripts of argocd-cm', () => {
  test('are read from keys of their own and from the older map, and the key wins', () => {
    const older = {
      'example.com/Widget': { 'health.lua': 'old' },
      'a.b/C': { 'health.lua': script, actions: 'x' },
    };
    const data = {
      'resource.customizations': JSON.stringify(older),
      'resource.customizations.health.example.com_Widget': script,
      'resource.customizations.health.ConfigMap': script,
      'resource.customizations.ignoreDifferences.all': 'x',
      url: 'https://argocd.example',
    };
    expect(read(data)).toEqual({
      ok: true,
      value: [
        { kinds: 'example.com/Widget', lua: script },
        { kinds: 'a.b/C', lua: script },
        { kinds: 'ConfigMap', lua: script },
      ],
    });
  });

  test('are none in a ConfigMap without any', () => {
    expect(read({ 'resource.customizations': '' })).toEqual({ ok: true, value: [] });
  });

  test.each<readonly [string, Record<string, unknown>, RegExp]>([
    [
      'open libraries by key',
      { 'resource.customizations.useOpenLibs.a.b_C': 'true' },
      /useOpenLibs\.a\.b_C: .*; remove/,
    ],
    [
      'open libraries by map',
      { 'resource.customizations': '{"a.b/C": {"health.lua": "x", "health.lua.useOpenLibs": true}}' },
      /a\.b\/C\.health\.lua\.useOpenLibs: .*; remove/,
    ],
    [
      'a script that is none',
      { 'resource.customizations': '{"a.b/C": {"health.lua": 5}}' },
      /not the number 5/,
    ],
    ['a map that is none', { 'resource.customizations': '[]' }, /not a list/],
    ['YAML that is none', { 'resource.customizations': '{' }, /^resource\.customizations: /],
    ['a key without a kind', { 'resource.customizations.health.a_b_c': script }, /<group>_<Kind>/],
  ])('refuse %s', (_name, data, expected) => {
    expect(problemsOf(data)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the script of a kind', () => {
  const scripts = ['*.example.com/*', 'db.example.com/Base', 'ConfigMap', 'a.b/C?'].map((kinds) => ({
    kinds,
    lua: kinds,
  }));
  test.each([
    ['db.example.com/v1', 'Base', 'db.example.com/Base'],
    ['db.example.com/v1', 'Table', '*.example.com/*'],
    ['v1', 'ConfigMap', 'ConfigMap'],
    ['example.com/v1', 'Table', undefined],
    ['dbxexample.com/v1', 'Table', undefined],
    ['a.b/v1', 'Cd', 'a.b/C?'],
    ['a.b/v1', 'C', undefined],
  ])('of %s %s is %s', (apiVersion, kind, expected) => {
    expect(scriptFor(scripts, { apiVersion, kind })?.kinds).toBe(expected);
  });
});
