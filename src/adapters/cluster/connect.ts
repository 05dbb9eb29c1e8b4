import { KubeConfig } from '@kubernetes/client-node';
import { existsSync } from 'node:fs';
import type { KubeObject } from '../../domain/kube-object';
import type { Cluster } from '../../ports/cluster';
import { PortError } from '../../ports/port-error';
import { createCluster } from './cluster';
import { type Connection, fixed } from './connection';
import { createRest } from './rest';

export interface ConnectOptions {
  /** Path of a kubeconfig; default `$KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Belay writes only to a cluster that was named: a context, or `in-cluster` inside a pod. */
  readonly context: string;
  /** Watch for drift and health in this namespace only, for an account that may not list in all. */
  readonly onlyIn?: string;
}

/** Connects to the cluster that the user named and learns its id. */
export async function connectCluster({ kubeconfig, context, onlyIn }: ConnectOptions): Promise<Cluster> {
  return clusterBehind(fixed(loadConfig(kubeconfig, context)), `context ${context}`, onlyIn);
}

/** Asks the API server behind a connection which cluster it is. `by` says in errors how it was named. */
export async function clusterBehind(connection: Connection, by: string, onlyIn?: string): Promise<Cluster> {
  const system = await createRest(connection)<KubeObject>({
    method: 'GET',
    path: '/api/v1/namespaces/kube-system',
    what: `read the cluster's identity (namespace kube-system) with ${by}`,
  });
  const id = (system.metadata.uid ?? '').slice(0, 8);
  return createCluster({ connection, id, ...(onlyIn === undefined ? {} : { onlyIn }) });
}

function loadConfig(kubeconfig: string | undefined, context: string): KubeConfig {
  const config = new KubeConfig();
  if (context === 'in-cluster') {
    config.loadFromCluster();
    return config;
  }
  if (kubeconfig !== undefined && !existsSync(kubeconfig))
    throw invalid(`kubeconfig ${kubeconfig} does not exist`);
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  const known = config.getContexts().map((each) => each.name);
  if (!known.includes(context))
    throw invalid(`the kubeconfig has no context ${context}; it has ${known.join(', ') || 'none'}`);
  config.setCurrentContext(context);
  return config;
}

function invalid(message: string): PortError {
  return new PortError(message, { code: 'InvalidSpec', retry: 'never' });
}
