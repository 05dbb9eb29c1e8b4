import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { KubeObject } from '../../src/domain/kube-object';
import type { Cluster } from '../../src/ports/cluster';
import { customKind } from '../support/custom-kind';
import { until } from '../support/until';

const version = 'v1.4.0';

/** Teaches the cluster every kind that a router edits and an API server does not know by itself. */
export async function installRouterKinds(kube: Cluster): Promise<{ readonly gateway: 'real' | 'own' }> {
  const real = gatewayCrds();
  const gateway = real ?? [
    customKind('gateway.networking.k8s.io', 'v1', 'HTTPRoute'),
    customKind('gateway.networking.k8s.io', 'v1', 'GRPCRoute'),
  ];
  const crds = [
    ...gateway,
    customKind('networking.istio.io', 'v1beta1', 'VirtualService'),
    customKind('networking.istio.io', 'v1beta1', 'DestinationRule'),
    customKind('split.smi-spec.io', 'v1alpha1', 'TrafficSplit'),
    customKind('traefik.io', 'v1alpha1', 'TraefikService'),
  ];
  await Promise.all(crds.map((crd) => install(kube, crd)));
  return { gateway: real === undefined ? 'own' : 'real' };
}

async function install(kube: Cluster, crd: KubeObject): Promise<void> {
  await kube.apply(crd, { manager: 'test' });
  const { group, names, versions } = crd['spec'] as {
    group: string;
    names: { kind: string };
    versions: readonly { name: string; storage: boolean }[];
  };
  const stored = versions.find(({ storage }) => storage)?.name ?? '';
  await until(`${names.kind} to be known`, async () => {
    try {
      await kube.list({ apiVersion: `${group}/${stored}`, kind: names.kind });
      return true;
    } catch {
      return false;
    }
  });
}

/** The real definitions, if the Go module is on this machine already; nothing is downloaded. */
function gatewayCrds(): readonly KubeObject[] | undefined {
  const folder = join(moduleFolder() ?? '', 'config', 'crd', 'standard');
  const files = ['httproutes', 'grpcroutes'].map((kind) =>
    join(folder, `gateway.networking.k8s.io_${kind}.yaml`),
  );
  if (!files.every((file) => existsSync(file))) return undefined;
  return files.map((file) => parseDocument(readFileSync(file, 'utf8')).toJS() as KubeObject);
}

function moduleFolder(): string | undefined {
  try {
    const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
    return join(cache, 'sigs.k8s.io', `gateway-api@${version}`);
  } catch {
    return undefined;
  }
}
