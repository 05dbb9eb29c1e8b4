import type { HealthWord } from '../../../src/domain/application-status';
import { planSync } from '../../../src/domain/sync/plan';
import { needsHealth, objectResult } from '../../../src/domain/sync/wait';
import { objectsIn } from '../read-yaml';

/** One step for each word, `Phase wave` with `+` for a hook beside the plain object of the step. */
function waitsOf(...texts: readonly string[]): readonly boolean[] {
  const objects = texts.map((text, index) => {
    const [phase = '', wave = ''] = text.replace('+', '').split(' ');
    const annotations = (hook: string) =>
      `{ argocd.argoproj.io/sync-wave: "${wave}"${hook === '' ? '' : `, argocd.argoproj.io/hook: ${hook}`} }`;
    const plain = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${index}, annotations: ${annotations('')} }\n`;
    const hook = `apiVersion: v1\nkind: Pod\nmetadata: { name: h${index}, annotations: ${annotations(phase)} }\n`;
    return [...(phase === 'Sync' ? [plain] : []), ...(phase !== 'Sync' || text.endsWith('+') ? [hook] : [])];
  });
  const { steps } = planSync(objectsIn(objects.flat().join('---\n')), [], { namespace: 'shop' });
  const known = steps.map(({ phase, tasks }) => ({
    phase,
    hooks: tasks.filter(({ isHook }) => isHook).map(({ located }) => located.object.metadata.name),
  }));
  return known.map((_step, index) => needsHealth(known, index));
}

describe('a sync waits for the health of plain objects', () => {
  test.each([
    ['never in a single step', ['Sync 0'], [false]],
    ['never in a single step, even with a hook', ['Sync 0+'], [false]],
    ['in all waves but the last', ['Sync -1', 'Sync 0', 'Sync 3'], [true, true, false]],
    ['in the last wave if it has a hook', ['Sync 0', 'Sync 1+'], [true, true]],
    ['not after the last hooks', ['PreSync 0', 'Sync 0'], [true, false]],
    ['before PostSync', ['Sync 0', 'PostSync 0'], [true, true]],
    ['not for the sake of SyncFail', ['Sync 0', 'SyncFail 0'], [false, false]],
    ['beside a hook where only SyncFail follows', ['Sync 0+', 'SyncFail 0'], [true, false]],
  ])('%s', (_name, steps, expected) => {
    expect(waitsOf(...steps)).toEqual(expected);
  });

  test('and not in a step that is not there', () => {
    expect(needsHealth([], 0)).toBe(false);
  });
});

test.each<[HealthWord | undefined, string]>([
  [undefined, 'succeeded'],
  ['Healthy', 'succeeded'],
  ['Degraded', 'failed'],
  ['Progressing', 'running'],
  ['Suspended', 'running'],
  ['Missing', 'running'],
  ['Unknown', 'running'],
])('an object that is waited for with health %s has %s', (status, expected) => {
  const health = status === undefined ? undefined : { status };
  expect(objectResult(health)).toBe(expected);
});
