import { DefaultLogger } from '@temporalio/worker';
import { MockActivityEnvironment } from '@temporalio/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClusterActivities, type ClusterActivities } from '../../src/activities';
import { createPlainRenderer } from './plain-renderer';
import type { Ports } from '../../src/activities/ports';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { createJq } from '../../src/adapters/jq';
import { parseManifests } from '../../src/adapters/manifests/parse-yaml';
import type { Cluster } from '../../src/ports/cluster';
import type { Jq } from '../../src/ports/jq';
import { startCluster, type LocalCluster } from '../../tools/local/cluster';
import { memoryGit, type MemoryGit } from './cluster-git';

/** A real API server with simulated nodes, and activities that run on it with a Git of the test's own. */
export interface Lab {
  readonly local: LocalCluster;
  readonly kube: Cluster;
  readonly git: MemoryGit;
  readonly jq: Jq;
  /** Aborts when the lab is stopped. */
  readonly over: AbortSignal;
  /** Creates a namespace of a new name. */
  namespace(): Promise<string>;
  /** The activities of a worker of its own; `changes` replace its way to the cluster. */
  worker(changes?: Partial<Cluster>): ClusterActivities;
  stop(): Promise<void>;
}

/** Starts the cluster; `stop` leaves no process and no file behind. */
export async function startLab(): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'belay-lab-'));
  const local = await startCluster({ dir });
  const kube = await connectCluster({ kubeconfig: local.kubeconfig, context: 'belay-local' });
  const git = memoryGit();
  const jq = createJq();
  const over = new AbortController();
  let namespaces = 0;
  return {
    local,
    kube,
    git,
    jq,
    over: over.signal,
    async namespace() {
      const name = `shop-${++namespaces}`;
      await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { manager: 'test' });
      return name;
    },
    worker: (changes = {}) => createClusterActivities(ports({ ...kube, ...changes }, git, jq)),
    async stop() {
      over.abort();
      await jq.close();
      await local.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Runs one activity as a worker would; `cancelled` cancels it. */
export function run<I, O>(activity: (input: I) => Promise<O>, input: I, cancelled?: AbortSignal): Promise<O> {
  const info = { currentAttemptScheduledTimestampMs: Date.now() };
  const env = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  cancelled?.addEventListener('abort', () => env.cancel('CANCELLED'));
  return env.run(activity, input);
}

/** What a worker on the lab's cluster reaches the world through. */
export function portsOf({ kube, git, jq }: Pick<Lab, 'kube' | 'git' | 'jq'>): Ports {
  return ports(kube, git, jq);
}

function ports(cluster: Cluster, git: MemoryGit, jq: Jq): Ports {
  const unused = (name: string) => () => Promise.reject(new Error(`${name} is not part of this test`));
  return {
    cluster,
    git: git.reader,
    gitWriter: { restorePath: unused('restorePath') },
    manifests: (files) => parseManifests(files),
    orchestrator: {
      requestRestore: unused('requestRestore'),
      watchRepository: unused('watchRepository'),
      watchCluster: () => Promise.resolve(),
      forgetRepository: unused('forgetRepository'),
      signalApplication: unused('signalApplication'),
      tellReleases: unused('tellReleases'),
      describe: unused('describe'),
    },
    renderer: createPlainRenderer(git),
    charts: { resolve: unused('resolve'), fetch: unused('fetch') },
    jq,
    metrics: { kinds: [], measure: unused('measure') },
    pollMs: 1_000,
  };
}
