import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { KubeObject } from '../../src/domain/kube-object';
import type { DemoRepository } from '../demo/repository';
import type { Stage } from '../demo/stage';
import type { Timeline } from '../demo/timeline';
import type { ServiceVersions } from '../local/service-versions';

export const namespace = 'shop';

/** What every chapter plays with. */
export interface Play {
  readonly stage: Stage;
  readonly repository: DemoRepository;
  readonly time: Timeline;
  readonly traffic: ServiceVersions;
  readonly applications: readonly ApplicationSpec[];
}

/** How a wait for the shop's release looks. */
export const waiting = { timeoutMs: 180_000, everyMs: 100 };

/** Counts ready endpoints from here on; the answer checks that no Service had fewer of them than now. */
export function watchEndpoints({ time, traffic }: Pick<Play, 'time' | 'traffic'>): () => void {
  traffic.mark();
  const before = [...traffic.now().keys()].map((name) => [name, traffic.lowest(name)] as const);
  return () => {
    const lost = before.filter(([name, count]) => traffic.lowest(name) < count).map(([name]) => name);
    time.check('at no moment had a Service fewer ready endpoints than before', lost.length === 0, lost);
  };
}

/** The first part of what `belay release get shop` prints: how it stands, and its members as a tree. */
export function tree({ stage }: Pick<Play, 'stage'>): Promise<string> {
  const args = [join('bin', 'belay.js'), 'release', 'get', namespace];
  const env = { ...process.env, TEMPORAL_ADDRESS: stage.temporal.address, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (_, stdout, stderr) => {
      const parts = `${stdout}${stderr}`.split(/\n(?=(?:Log|Rollback|Release|History):)/);
      resolve((parts[0] ?? '').trimEnd());
    });
  });
}

/** Pods that ran one of the migration's commands at a version, in the order in which they were seen. */
export function migrations({ traffic }: Pick<Play, 'traffic'>, version: string): readonly string[] {
  return [...traffic.pods.values()]
    .filter((each) => each.version === version)
    .flatMap(({ pod }) => argsOf(pod));
}

function argsOf(pod: KubeObject): readonly string[] {
  const { containers } = pod['spec'] as { readonly containers: readonly Container[] };
  const [container] = containers;
  return container?.image.includes('/migrations:') === true ? (container.args ?? []) : [];
}

interface Container {
  readonly image: string;
  readonly args?: readonly string[];
}

/** A value of a ConfigMap, as the cluster has it. */
export async function configured({ stage: { kube } }: Pick<Play, 'stage'>, name: string, key: string) {
  const found = await kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  return (found?.['data'] as Readonly<Record<string, string>> | undefined)?.[key];
}
