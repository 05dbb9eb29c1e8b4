import type { Broken } from './promises';
import type { Expected, SeenCluster, SeenPods } from './view';

/** Stable is whole and runs the right version; nothing of the new one is left; Services and routes are as in Git. */
export function brokenInCluster(seen: SeenCluster, expected: Expected): readonly Broken[] {
  return [
    ...brokenForStable(seen, expected),
    ...brokenForLeftovers(seen, expected),
    ...brokenForSelectors(seen, expected),
  ];
}

function brokenForStable({ workloads }: SeenCluster, { tag, replicas }: Expected): readonly Broken[] {
  const web = workloads.find(({ name }) => name === 'web');
  if (web === undefined) return [{ promise: 'the workload exists', found: 'there is no Deployment web' }];
  const { image, ready, updated, paused } = web;
  return [
    ...(image.endsWith(`:${tag}`) ? [] : [{ promise: `stable runs ${tag}`, found: image }]),
    ...(web.replicas === replicas && ready === replicas && updated === replicas
      ? []
      : [
          {
            promise: `stable is at its full size of ${replicas}`,
            found: `${web.replicas} wanted, ${ready} ready, ${updated} of its version`,
          },
        ]),
    ...(paused ? [{ promise: 'nothing is paused', found: 'the Deployment web is' }] : []),
  ];
}

function brokenForLeftovers(
  { workloads, replicaSets, ingresses }: SeenCluster,
  expected: Expected,
): readonly Broken[] {
  const promise = 'no object of the new version is left';
  const canaries = workloads.filter(({ name, isCanary }) => isCanary || name !== 'web');
  const routes = ingresses.filter((name) => !expected.ingresses.includes(name));
  const running = replicaSets.filter((each) => each.replicas > 0);
  return [
    ...canaries.map(({ name }) => ({ promise, found: `Deployment ${name}` })),
    ...routes.map((name) => ({ promise, found: `Ingress ${name}` })),
    ...replicaSets
      .filter(({ isParked }) => isParked)
      .map(({ name }) => ({ promise: 'no ReplicaSet is parked', found: name })),
    ...(running.length > 1
      ? [{ promise: 'one ReplicaSet has pods', found: running.map(({ name }) => name).join(', ') }]
      : []),
  ];
}

function brokenForSelectors({ selectors }: SeenCluster, expected: Expected): readonly Broken[] {
  return Object.entries(expected.selectors).flatMap(([name, wanted]) => {
    const live = selectors[name];
    return sorted(live) === sorted(wanted)
      ? []
      : [{ promise: `the Service ${name} selects what Git says`, found: sorted(live) }];
  });
}

function sorted(selector: Readonly<Record<string, string>> | undefined): string {
  return JSON.stringify(Object.entries(selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Pods of stable were not touched, those of the new version not started twice, and users always had enough of them. */
export function brokenForPods(seen: SeenPods, expected: Expected): readonly Broken[] {
  const lost = seen.first.filter((name) => !seen.firstNow.includes(name));
  return [
    ...(expected.keepsFirst && lost.length > 0
      ? [{ promise: 'the pods of stable are the same ones', found: `gone: ${lost.join(', ')}` }]
      : []),
    ...(seen.restarts > 0
      ? [{ promise: 'no pod of stable was restarted', found: `${seen.restarts} restarts` }]
      : []),
    ...(expected.newPods !== undefined && seen.everNew !== expected.newPods
      ? [
          {
            promise: `each of the ${expected.newPods} new pods was started once`,
            found: `${seen.everNew} pods`,
          },
        ]
      : []),
    ...(seen.lowest < expected.leastReady
      ? [
          {
            promise: `users never had fewer than ${expected.leastReady} ready pods`,
            found: `${seen.lowest}`,
          },
        ]
      : []),
  ];
}
