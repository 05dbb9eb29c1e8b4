import type { ApplicationSpec, Destination } from '../domain/application-spec';
import { ownCluster } from '../domain/own-cluster';
import type { Problem } from '../domain/problem';
import type { KnownCluster } from '../ports/cluster-directory';
import { beating } from './beating';
import type { Ports } from './ports';

export type Found =
  | { readonly kind: 'known'; readonly id: string; readonly server: string }
  | { readonly kind: 'unknown'; readonly problem: Problem };

/**
 * Which cluster `destination` names. Any worker is asked, also one that does not serve that cluster, so it looks into the directory that
 * all workers fill, besides what it serves itself.
 */
export function createResolving({ directory, served }: Pick<Ports, 'directory' | 'served'>) {
  return {
    resolveDestination: beating(async ({ spec }: { readonly spec: ApplicationSpec }): Promise<Found> => {
      const mine = served?.() ?? [];
      const here = mine.map((each): KnownCluster => ({ ...each, isServed: true }));
      const elsewhere = (await directory?.known()) ?? [];
      const others = elsewhere.filter(({ id }) => here.every((each) => each.id !== id));
      return findDestination(spec.destination, [...here, ...others]);
    }),
  };
}

/**
 * The one cluster that fits. Where several do, those count of which a worker has been heard of lately: a name may have moved. A cluster
 * without a worker is still known: what is asked of it waits until one is back.
 */
export function findDestination(
  { server, name }: Pick<Destination, 'server' | 'name'>,
  known: readonly KnownCluster[],
): Found {
  const fitting = known.filter((each) =>
    server === undefined ? each.names.includes(name ?? '') : isServer(each, server),
  );
  const serving = fitting.filter(({ isServed }) => isServed);
  const [found, another] = serving.length > 0 ? serving : fitting;
  if (found !== undefined && another === undefined)
    return { kind: 'known', id: found.id, server: found.server };
  const value = server ?? name ?? '';
  const field = server === undefined ? 'spec.destination.name' : 'spec.destination.server';
  return {
    kind: 'unknown',
    problem: { code: 'InvalidSpec', field, value, ...reason(value, fitting, known) },
  };
}

function isServer({ server, names }: KnownCluster, asked: string): boolean {
  return (
    server === asked ||
    names.includes(asked) ||
    (asked === ownCluster.server && names.includes(ownCluster.name))
  );
}

function reason(
  asked: string,
  fitting: readonly KnownCluster[],
  known: readonly KnownCluster[],
): Pick<Problem, 'message' | 'remedy'> {
  if (fitting.length > 0)
    return {
      message: `${asked} names ${fitting.length} clusters: ${fitting.map(nameOf).join(', ')}`,
      remedy: 'name one of them by its URL, or by a name that only one has',
    };
  const names = known.map(nameOf).join(', ');
  return {
    message: `no worker serves the cluster ${asked}; ${names === '' ? 'none is known' : `known are ${names}`}`,
    remedy: `use one of these, ${ownCluster.server} for the worker's own cluster, or start a worker for that cluster`,
  };
}

function nameOf({ server, names: all }: KnownCluster): string {
  const names = all.filter((each) => !each.includes('://')); // workers may reach it by different URLs
  return names.length === 0 ? server : `${names.join(' or ')} (${server})`;
}
