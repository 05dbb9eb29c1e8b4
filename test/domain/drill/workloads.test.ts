import { chooseWorkload } from '../../../src/domain/drill/workloads';

const pods = { template: { spec: { containers: [{ name: 'a', image: 'a:1' }] } } };
const deployment = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: pods,
});
const rollout = (name: string, spec: object = pods) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name },
  spec,
});
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: {} };
const refers = (name: string) => rollout('by-reference', { workloadRef: { kind: 'Deployment', name } });

function choose(objects: readonly object[], wanted?: string): string {
  const found = objects.map((object, index) => ({ file: 'all.yaml', index, object: { ...object } }));
  const read = chooseWorkload(found, wanted);
  return read.ok
    ? `${String(read.value.object['kind'])} ${read.value.index}`
    : (read.problems[0]?.message ?? '');
}

test.each<[string, readonly object[], string | undefined, string]>([
  ['the only one', [service, deployment('web')], undefined, 'Deployment 1'],
  ['the one with a strategy', [deployment('db'), rollout('web')], undefined, 'Rollout 1'],
  [
    'the one that a Rollout refers to',
    [deployment('db'), deployment('web'), refers('web')],
    undefined,
    'Deployment 1',
  ],
  ['the one that is named', [deployment('db'), rollout('web')], 'db', 'Deployment 0'],
  ['the one that is named with its kind', [deployment('web'), rollout('web')], 'rollout/web', 'Rollout 1'],
  ['none of several', [deployment('db'), deployment('web')], undefined, 'there are several workloads'],
  ['none of several with a strategy', [rollout('a'), rollout('b')], undefined, 'there are several workloads'],
  ['none that is not there', [deployment('web')], 'wbe', 'there is no workload wbe'],
  ['none of no workload', [service], undefined, 'there is no workload whose pods could be broken'],
])('is %s', (_what, objects, wanted, expected) => {
  expect(choose(objects, wanted)).toBe(expected);
});
