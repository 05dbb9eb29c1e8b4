import type { ObjectRef } from '../../../src/domain/kube-object';
import { matches, matchesAny, readResourceSelector } from '../../../src/domain/sync/selective';
import { told, valueOf } from '../read-yaml';

const web: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const shop: ObjectRef = { apiVersion: 'v1', kind: 'Namespace', name: 'shop' };

describe('a selector of resources', () => {
  test.each([
    ['apps:Deployment:web', { exclude: false, group: 'apps', kind: 'Deployment', name: 'web' }],
    [':Service:shop/web', { exclude: false, group: '', kind: 'Service', namespace: 'shop', name: 'web' }],
    ['!*:*:*/*', { exclude: true, group: '*', kind: '*', namespace: '*', name: '*' }],
  ])('is read from %s', (text, expected) => {
    expect(valueOf(readResourceSelector(text))).toEqual(expected);
  });

  test.each([
    '',
    'web',
    'Deployment:web',
    'apps:Deployment:',
    'apps::web',
    'a:b:c:d',
    'apps:Deployment:a/b/c',
    'apps:Deployment:/web',
    'apps:Deployment:shop/',
    '!',
  ])('is refused as "%s"', (text) => {
    expect(told(readResourceSelector(text))).toEqual([
      `InvalidSpec resource: "${text}" names no resources; write group:Kind:name or group:Kind:namespace/name, such as apps:Deployment:shop/web or :Service:web`,
    ]);
  });

  test.each([
    ['apps:Deployment:web', true],
    ['apps:Deployment:shop/web', true],
    ['apps:Deployment:other/web', false],
    [':Deployment:web', false],
    ['*:*:*', true],
    ['*:*:*/*', true],
    ['ap*:Dep*ment:sh*p/w*', true],
    ['a*a*s:Deployment:web', false],
    ['*apps*:*Deployment*:**', true],
    ['apps:Deployment:w*eb*b', false],
    ['apps:Deployment:webweb*', false],
    ['apps:Deployment:we*eb', false],
    ['apps:Deployment:.*', false],
    ['apps:deployment:web', false],
  ])('%s takes the Deployment: %s', (text, expected) => {
    expect(matches(valueOf(readResourceSelector(text)), web)).toBe(expected);
  });

  test('of any namespace takes what has none, one of a namespace does not', () => {
    expect(matchesAny([':Namespace:shop'], shop)).toBe(true);
    expect(matchesAny([':Namespace:*/shop'], shop)).toBe(true);
    expect(matchesAny([':Namespace:shop/shop'], shop)).toBe(false);
  });

  test('is quick however many stars it has', () => {
    const name = 'a'.repeat(250);
    const pattern = valueOf(readResourceSelector(`*:*:${'a*'.repeat(60)}b`));
    const from = process.hrtime.bigint();
    expect(matches(pattern, { ...web, name })).toBe(false);
    expect(Number(process.hrtime.bigint() - from) / 1e6).toBeLessThan(1_000);
  });
});
