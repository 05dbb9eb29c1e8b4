import type { Client } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createPlainRenderer } from '../activities/plain-renderer';
import type { Ports } from '../activities/ports';
import { createCharts } from '../adapters/charts';
import { connectCluster } from '../adapters/cluster/connect';
import { createGit, credentialsFrom, type CredentialSource } from '../adapters/git';
import { createJq } from '../adapters/jq';
import { parseManifests } from '../adapters/manifests/parse-yaml';
import { createMetrics } from '../adapters/metrics';
import { createOrchestrator } from '../adapters/temporal/orchestrator';

export interface PortOptions {
  readonly context: string;
  readonly kubeconfig?: string;
  readonly dataDir?: string;
  readonly pollMs: number;
  /** JSON file with `read` and `write` lists of credential sources: names of variables and files, never secrets. */
  readonly gitCredentials?: string;
}

/** The real world behind the activities' ports. */
export async function connectPorts(client: Client, options: PortOptions): Promise<Ports> {
  const { context, kubeconfig, dataDir, pollMs, gitCredentials } = options;
  const { read, write } = gitCredentials === undefined ? {} : readSources(gitCredentials);
  const git = createGit({
    dir: join(dataDir ?? defaultDataDir(), 'mirrors'),
    credentials: {
      ...(read === undefined ? {} : { read: credentialsFrom(read) }),
      ...(write === undefined ? {} : { write: credentialsFrom(write) }),
    },
  });
  return {
    cluster: await connectCluster({ context, ...(kubeconfig === undefined ? {} : { kubeconfig }) }),
    git: {
      resolve: (...args) => git.reader.resolve(...args),
      snapshot: (...args) => git.reader.snapshot(...args),
      treeId: (...args) => git.reader.treeId(...args),
      commit: (...args) => git.reader.commit(...args),
      keepRevision: (request) => git.keepRevision(request),
    },
    gitWriter: git.writer,
    renderer: createPlainRenderer(git.reader),
    charts: createCharts({ cacheDir: join(dataDir ?? defaultDataDir(), 'charts') }),
    manifests: parseManifests,
    jq: createJq(),
    metrics: createMetrics(),
    orchestrator: createOrchestrator(client),
    pollMs,
  };
}

interface Sources {
  readonly read?: readonly CredentialSource[];
  readonly write?: readonly CredentialSource[];
}

function readSources(path: string): Sources {
  return JSON.parse(readFileSync(path, 'utf8')) as Sources;
}

function defaultDataDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'belay');
}
