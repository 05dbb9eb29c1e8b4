import { findDestination } from '../../src/activities/destination';
import { describeProblem } from '../../src/domain/problem';
import type { KnownCluster } from '../../src/ports/cluster-directory';

const cluster = (id: string, names: readonly string[], isServed = true): KnownCluster => ({
  id,
  server: `https://${id}.example:6443`,
  names,
  isServed,
});
const here = cluster('a', ['in-cluster', 'prod']);
const there = cluster('b', ['staging']);

test.each([
  ['its own cluster', { name: 'in-cluster' }, [here, there], 'a'],
  ['its own cluster by URL', { server: 'https://kubernetes.default.svc' }, [here, there], 'a'],
  ['a URL', { server: 'https://b.example:6443' }, [here, there], 'b'],
  ['a name', { name: 'staging' }, [here, there], 'b'],
  ['one without a worker now', { name: 'staging' }, [here, cluster('b', ['staging'], false)], 'b'],
  ['a name that has moved', { name: 'staging' }, [cluster('old', ['staging'], false), there], 'b'],
  [
    'a cluster that was made anew',
    { name: 'in-cluster' },
    [cluster('old', ['in-cluster'], false), here],
    'a',
  ],
] as const)('%s is found', (_name, destination, known, id) => {
  expect(findDestination(destination, known)).toEqual({
    kind: 'known',
    id,
    server: `https://${id}.example:6443`,
  });
});

test.each([
  [
    'an unknown name',
    { name: 'test' },
    [here, there],
    "spec.destination.name: no worker serves the cluster test; known are in-cluster or prod (https://a.example:6443), staging (https://b.example:6443); use one of these, https://kubernetes.default.svc for the worker's own cluster, or start a worker for that cluster",
  ],
  ['nobody', { server: 'https://x' }, [], /no worker serves the cluster https:\/\/x; none is known/],
  [
    'the own cluster of two workers',
    { name: 'in-cluster' },
    [here, cluster('b', ['in-cluster'])],
    /in-cluster names 2 clusters: .*; name one of them by its URL/,
  ],
] as const)('%s is not', (_name, destination, known, told) => {
  const found = findDestination(destination, known);
  expect(found.kind === 'unknown' && describeProblem(found.problem)).toEqual(
    typeof told === 'string' ? told : expect.stringMatching(told),
  );
});
