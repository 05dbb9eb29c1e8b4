import type { Destination } from './application-spec';
import type { Fields } from './fields';
import { ownCluster } from './own-cluster';
import { reportUnknown } from './read-refusals';
import { requireField } from './read-with';

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Reads `spec.destination`: one cluster, by URL or by name, and one namespace. */
export function readDestination(spec: Fields): Destination | undefined {
  const remedy = 'write destination.server (or destination.name) and destination.namespace';
  if (!requireField(spec, 'destination', remedy)) return undefined;
  const destination = spec.map('destination');
  if (destination === undefined) return undefined;
  const server = readServer(destination);
  const name = destination.string('name') || undefined;
  const namespace = readNamespace(destination);
  checkCluster(destination, spec);
  reportUnknown(destination);
  if (namespace === undefined) return undefined;
  if (server !== undefined) return { server, namespace };
  return name === undefined ? undefined : { name, namespace };
}

function checkCluster(destination: Fields, spec: Fields): void {
  const written = ['server', 'name'].filter((key) => (destination.raw(key) ?? '') !== '');
  if (written.length === 2) {
    destination.invalid('name', 'server and name are both given', { remedy: 'keep one of them' });
  }
  if (written.length === 0) {
    const remedy = `write server: ${ownCluster.server} for the worker's own cluster, or the name of a cluster`;
    spec.invalid('destination', 'names no cluster', { remedy });
  }
}

function readServer(destination: Fields): string | undefined {
  const server = destination.string('server') || undefined;
  if (server === undefined) return undefined;
  const remedy = `write the URL of an API server, such as ${ownCluster.server}`;
  if (server.includes('@')) {
    return destination.invalid('server', 'the URL has credentials in it', { remedy });
  }
  if (/^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(server)) return server.replace(/\/+$/, '');
  return destination.invalid('server', `"${server}" is not the URL of an API server`, {
    value: server,
    remedy,
  });
}

function readNamespace(destination: Fields): string | undefined {
  if (!requireField(destination, 'namespace', 'write the namespace for objects that name none'))
    return undefined;
  const namespace = destination.string('namespace');
  if (namespace === undefined) return undefined;
  if (label.test(namespace)) return namespace;
  const message = `"${namespace}" is not the name of a namespace`;
  const remedy = 'use at most 63 lower-case letters, digits and dashes';
  return destination.invalid('namespace', message, { value: namespace, remedy });
}
