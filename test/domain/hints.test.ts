import { driftKey, isForeignChange } from '../../src/domain/hints';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../../src/domain/kube-object';

const object = (metadata: Partial<ObjectMeta>, more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u', ...metadata },
  ...more,
});
const at = (second: number, manager: string, subresource?: string): ManagedFieldsEntry => ({
  manager,
  time: new Date(second * 1_000).toISOString(),
  ...(subresource === undefined ? {} : { subresource }),
});

describe('a change is foreign', () => {
  it.each<readonly [string, boolean, readonly ManagedFieldsEntry[]]>([
    ['when somebody wrote last', true, [at(1, 'belay'), at(2, 'kubectl-edit')]],
    ['when somebody wrote in the second in which Belay did', true, [at(2, 'belay'), at(2, 'kubectl-edit')]],
    [
      'when a writer has no time, as kubectl scale has none',
      true,
      [at(9, 'belay'), { manager: 'kubectl', subresource: 'scale' }],
    ],
    ['when nobody is named', true, []],
    ['not when Belay wrote last', false, [at(1, 'kubectl-edit'), at(2, 'belay')]],
    ['not when a rollout wrote last', false, [at(1, 'kubectl-edit'), at(2, 'belay-rollout')]],
    ['not when the mirror was written last', false, [at(1, 'belay-inventory'), at(2, 'belay-state')]],
    ['not when a controller wrote last', false, [at(1, 'belay'), at(2, 'kube-controller-manager')]],
    ['not when only the status was written', false, [at(1, 'belay'), at(2, 'kubectl-edit', 'status')]],
  ])('%s', (_name, expected, managedFields) => {
    expect(isForeignChange(object({ managedFields }))).toBe(expected);
  });

  it('when there are no managed fields at all', () => {
    expect(isForeignChange(object({}))).toBe(true);
  });
});

describe('what can drift', () => {
  const base = object(
    { generation: 1, labels: { a: '1' } },
    { spec: { replicas: 1 }, status: { replicas: 1 } },
  );
  const plain = object({ labels: { a: '1' } }, { data: { key: 'value' } });

  it.each<readonly [string, KubeObject, KubeObject, boolean]>([
    ['not the status', base, { ...base, status: { replicas: 2 } }, false],
    ['not the version', plain, { ...plain, metadata: { ...plain.metadata, resourceVersion: '7' } }, false],
    ['the spec, by its generation', base, { ...base, metadata: { ...base.metadata, generation: 2 } }, true],
    ['labels', base, { ...base, metadata: { ...base.metadata, labels: { a: '2' } } }, true],
    ['annotations', plain, { ...plain, metadata: { ...plain.metadata, annotations: { a: '2' } } }, true],
    ['data, of a kind without generations', plain, { ...plain, data: { key: 'other' } }, true],
    ['the object, when it is made anew', base, { ...base, metadata: { ...base.metadata, uid: 'v' } }, true],
  ])('%s', (_name, before, after, differs) => {
    expect(driftKey(before) !== driftKey(after)).toBe(differs);
  });
});
