import { Client, Connection } from '@temporalio/client';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/adapters/cluster/connect';
import { connectBelay, type BelayClient } from '../../src/client';
import type { Cluster } from '../../src/ports/cluster';
import { startCluster, type LocalCluster } from '../local/cluster';
import { openGitLine } from './git-line';
import type { GitLine } from './lines';
import { useTemporal, type ChaosTemporal } from './temporal';

/** Everything real that the stories play on, and undisturbed lines to look at it. */
export interface Stage {
  readonly dir: string;
  /** Holds the bare repositories that `git` serves. */
  readonly gitRoot: string;
  readonly cluster: LocalCluster;
  readonly temporal: ChaosTemporal;
  readonly git: GitLine;
  readonly kube: Cluster;
  readonly client: BelayClient;
  readonly temporalClient: Client;
}

export interface StageOptions {
  /** Use the Temporal service of `TEMPORAL_ADDRESS`. */
  readonly postgres: boolean;
  /** Gets what takes down each part that stands, so that an interruption leaves no process and no directory. */
  readonly undo: (() => Promise<void>)[];
}

export async function setStage({ postgres, undo }: StageOptions): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'belay-chaos-'));
  undo.push(() => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const [cluster, temporal] = await Promise.all([
    startCluster({ dir: join(dir, 'cluster') }),
    useTemporal(join(dir, 'temporal'), postgres),
  ]);
  undo.push(
    () => cluster.stop(),
    () => temporal.stop(),
  );
  const gitRoot = join(dir, 'git');
  await mkdir(gitRoot);
  const git = await openGitLine({ root: gitRoot });
  undo.push(() => git.close());
  const kube = await connectCluster({ kubeconfig: cluster.kubeconfig, context: 'belay-local' });
  undo.push(() => Promise.resolve(kube.close()));
  const env = { ...process.env, ...temporal.env };
  const client = await connectBelay({ env, cwd: dir, requestedBy: 'chaos' });
  undo.push(() => client.close());
  const connection = await Connection.connect({ address: temporal.address });
  undo.push(() => connection.close());
  const temporalClient = new Client({ connection, namespace: temporal.namespace });
  return { dir, gitRoot, cluster, temporal, git, kube, client, temporalClient };
}
