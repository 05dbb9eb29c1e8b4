import type { HealthWord } from '../../../src/domain/application-status';
import type { KubeObject } from '../../../src/domain/kube-object';
import { hookName } from '../../../src/domain/sync/hook-name';
import { hookResult } from '../../../src/domain/sync/hook-result';
import { hooksToDelete } from '../../../src/domain/sync/hook-deletions';
import { planSync } from '../../../src/domain/sync/plan';
import { objectsIn } from '../read-yaml';

const at = Date.UTC(2026, 10, 23, 12, 0, 0, 900);
const run = { revision: 'a1b2c3d4e5f6', phase: 'PreSync', at } as const;

function objectNamed(metadata: Readonly<Record<string, string>>, kind = 'Job'): KubeObject {
  return { apiVersion: 'batch/v1', kind, metadata: metadata as unknown as KubeObject['metadata'] };
}

describe('the name of a hook', () => {
  test.each([
    ['its own', { name: 'migrate' }, {}, 'migrate'],
    ['its own, even beside another', { name: 'migrate', generateName: 'm-' }, {}, 'migrate'],
    ['generated', { generateName: 'migrate-' }, {}, 'migrate-a1b2c3d-presync-1795435200'],
    [
      'generated where the reader put its beginning for the name',
      { name: 'm-', generateName: 'm-' },
      {},
      'm-a1b2c3d-presync-1795435200',
    ],
    [
      'generated with the whole of a short revision',
      { generateName: 'm-' },
      { revision: '1.2.+3' },
      'm-1-2-3-presync-1795435200',
    ],
    [
      'generated in lower case',
      { generateName: 'm-' },
      { phase: 'SyncFail' },
      'm-a1b2c3d-syncfail-1795435200',
    ],
  ] as const)('is %s', (_name, metadata, other, expected) => {
    expect(hookName(objectNamed(metadata), { ...run, ...other })).toBe(expected);
  });

  test('is the same for each try of a sync, and another for the next one', () => {
    const object = objectNamed({ generateName: 'm-' });
    expect(hookName(object, { ...run, at: at + 50 })).toBe(hookName(object, run));
    expect(hookName(object, { ...run, at: at + 1_000 })).not.toBe(hookName(object, run));
  });

  test.each([
    ['Job', 63],
    ['Pod', 63],
    ['Workflow', 253],
  ])('of a %s is not longer than %i characters', (kind, limit) => {
    const long = 'x'.repeat(240);
    const name = hookName(objectNamed({ generateName: `${long}-` }, kind), run);
    expect(name.length).toBeLessThanOrEqual(limit);
    expect(name).toMatch(/^x+-.*-a1b2c3d-presync-1795435200$/);
    expect(name).not.toContain('--');
    expect(name).not.toBe(hookName(objectNamed({ generateName: `${long}y-` }, kind), run));
  });
});

describe('the result of a hook', () => {
  const live = objectNamed({ name: 'migrate', namespace: 'shop' });

  test.each<[HealthWord, string]>([
    ['Healthy', 'succeeded'],
    ['Progressing', 'running'],
    ['Suspended', 'running'],
    ['Degraded', 'failed'],
    ['Unknown', 'failed'],
    ['Missing', 'failed'],
  ])('that is %s has %s', (status, kind) => {
    expect(hookResult(live, { status, message: 'because' })).toEqual({ kind, message: 'because' });
    expect(hookResult(live, { status })).toEqual({ kind, message: `Job shop/migrate is ${status}` });
  });

  test('without health is success', () => {
    expect(hookResult(live, undefined)).toEqual({
      kind: 'succeeded',
      message: 'Job shop/migrate is there, and has no health to wait for',
    });
  });

  test('that is gone again is failure', () => {
    expect(hookResult(undefined, undefined).kind).toBe('failed');
  });
});

describe('hooks are deleted', () => {
  const hookText = (name: string, policy: string) => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, annotations: { argocd.argoproj.io/hook: PreSync${policy === '' ? '' : `, argocd.argoproj.io/hook-delete-policy: "${policy}"`} } }
`;
  const plain = `
apiVersion: v1
kind: ConfigMap
metadata: { name: plain, annotations: { argocd.argoproj.io/hook-delete-policy: "HookSucceeded,HookFailed,BeforeHookCreation" } }
`;
  const text = [
    hookText('default', ''),
    hookText('before', 'BeforeHookCreation'),
    hookText('failed', 'HookFailed'),
    hookText('succeeded', 'HookSucceeded'),
    hookText('after', 'HookFailed,HookSucceeded'),
    plain,
  ].join('---');
  const tasks = planSync(objectsIn(text), [], { namespace: 'shop' }).steps.flatMap((step) => step.tasks);

  test.each([
    ['creation', ['before', 'default']],
    ['success', ['after', 'succeeded']],
    ['failure', ['after', 'failed']],
  ] as const)('at %s by their policy, and only hooks', (occasion, expected) => {
    expect(hooksToDelete(tasks, occasion).map(({ located }) => located.object.metadata.name)).toEqual(
      expected,
    );
  });
});
