import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { callApi, type ApiAnswer } from '../local/api';
import type { LocalCluster } from '../local/cluster';
import { readCredentials } from '../local/pki';

const patienceMs = 30_000;

export const GATEWAY = { namespace: 'gateway', name: 'shop' };

interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

interface CustomKind extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Creates the kinds of the Gateway API and Contour, from the YAML files of a directory, unless they are there. */
export async function createKinds(cluster: LocalCluster, directory: string): Promise<void> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  const kinds = texts.flatMap((text) =>
    parseAllDocuments(text)
      .map((each) => each.toJS() as CustomKind | null)
      .filter((each) => each !== null)
      .filter(({ kind }) => kind === 'CustomResourceDefinition'),
  );
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await Promise.all(kinds.map((kind) => create(cluster, path, kind)));
  await Promise.all(kinds.map((kind) => waitUntilServed(cluster, kind)));
}

/** Contour ends when a kind that it watches is not listed yet. */
async function waitUntilServed(cluster: LocalCluster, kind: CustomKind): Promise<void> {
  const credentials = await readCredentials(cluster.dir);
  const { group, names, versions } = kind.spec;
  const giveUp = Date.now() + patienceMs;
  for (const { name } of versions.filter(({ served }) => served)) {
    for (;;) {
      const answer = await callApi(cluster.server, credentials, 'GET', `/apis/${group}/${name}`).catch(
        noAnswer,
      );
      const { resources = [] } = answer.body as { resources?: { name: string }[] };
      if (resources.some((each) => each.name === names.plural)) break;
      if (Date.now() > giveUp) throw new Error(`${kind.metadata.name} is not served`);
      await sleep(50);
    }
  }
}

function noAnswer(error: unknown): ApiAnswer {
  return { status: 0, body: { message: String(error) } };
}

/** Creates the GatewayClass and a Gateway whose listener Envoy opens at `port` of this machine, for routes of all namespaces. */
export async function createGateway(cluster: LocalCluster, port: number): Promise<void> {
  const api = '/apis/gateway.networking.k8s.io/v1';
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const { namespace, name } = GATEWAY;
  await create(cluster, '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await create(cluster, `${api}/gatewayclasses`, {
    apiVersion,
    kind: 'GatewayClass',
    metadata: { name: 'contour' },
    spec: { controllerName: 'projectcontour.io/gateway-controller' },
  });
  // Contour opens a listener's port 8000 higher, so that Envoy needs no privileged one.
  const listener = {
    name: 'http',
    protocol: 'HTTP',
    port: port - 8000,
    allowedRoutes: { namespaces: { from: 'All' } },
  };
  await create(cluster, `${api}/namespaces/${namespace}/gateways`, {
    apiVersion,
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: { gatewayClassName: 'contour', listeners: [listener] },
  });
}

/** Tells whether the gateway is configured. */
export async function isProgrammed(cluster: LocalCluster): Promise<boolean> {
  const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${GATEWAY.namespace}/gateways/${GATEWAY.name}`;
  const { body } = await callApi(cluster.server, await readCredentials(cluster.dir), 'GET', path);
  const { status } = body as { status?: { conditions?: { type: string; status: string }[] } };
  return status?.conditions?.some((each) => each.type === 'Accepted' && each.status === 'True') === true;
}

/** A kind that was just created is not served at once, and a busy API server may answer late. */
async function create(cluster: LocalCluster, path: string, object: KubeObject): Promise<void> {
  const credentials = await readCredentials(cluster.dir);
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    const answer = await callApi(cluster.server, credentials, 'POST', path, object).catch(noAnswer);
    if (answer.status === 201 || answer.status === 409) return;
    const isEarly = answer.status === 0 || answer.status === 404 || answer.status >= 500;
    if (!isEarly || Date.now() > giveUp) {
      throw new Error(`${object.kind} ${object.metadata.name} is refused: ${JSON.stringify(answer.body)}`);
    }
    await sleep(50);
  }
}
