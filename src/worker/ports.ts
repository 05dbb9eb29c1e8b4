import type { Client } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../activities/ports';
import { UsedPaths } from '../activities/used-paths';
import { createCharts } from '../adapters/charts';
import { createGit } from '../adapters/git';
import { createJq } from '../adapters/jq';
import { createHealthScripts, loadHealthScripts } from '../adapters/lua';
import { loadSystemIgnores } from '../adapters/manifests/load-argocd-cm';
import { parseManifests } from '../adapters/manifests/parse-yaml';
import { createMetrics } from '../adapters/metrics';
import { createClusterDirectory } from '../adapters/temporal/cluster-directory';
import { createForge } from '../adapters/forge';
import { createPolicies } from '../adapters/policy';
import { createRenderer } from '../adapters/render';
import { createOrchestrator } from '../adapters/temporal/orchestrator';
import { createSchedules } from '../adapters/windows/schedules';
import type { KubeObject } from '../domain/kube-object';
import { openPolicy } from './policy';
import { repositoryAccess, type CredentialFile } from './repository-access';
import { say } from './say';

export interface PortOptions {
  readonly dataDir?: string;
  readonly pollMs: number;
  /** JSON file with `read`, `write`, `charts` and `forges` lists of credential sources: names of variables and files, never secrets. */
  readonly gitCredentials?: string;
  /** Directory or file with users' own rules of health. */
  readonly healthScripts?: string;
  /** Directory of policies in Rego and CEL. */
  readonly policies?: string;
  /** Directory of AppProjects. */
  readonly policy?: string;
  /** Chart repositories that applications may name; absent: all. */
  readonly allowCharts?: readonly string[];
  /** File with Argo CD's ConfigMap of settings. */
  readonly argocdCm?: string;
  /** Lists Argo CD's repository Secrets, where they are to be used. */
  readonly secrets?: () => Promise<readonly KubeObject[]>;
}

/** The real world behind the activities' ports, but for the cluster: a worker may have several. */
export function openPorts(client: Client, options: PortOptions): Omit<Ports, 'cluster'> {
  const { dataDir, pollMs, gitCredentials, allowCharts, argocdCm, policy, policies } = options;
  const { healthScripts = argocdCm } = options;
  const file: CredentialFile = gitCredentials === undefined ? {} : readCredentials(gitCredentials);
  const data = dataDir ?? defaultDataDir();
  const access = repositoryAccess({ ...options, file, dataDir: data });
  const charts = createCharts({
    cacheDir: join(data, 'charts'),
    ...(allowCharts === undefined ? {} : { allow: allowCharts }),
    ...(access.charts === undefined ? {} : { credentials: access.charts }),
  });
  const git = createGit({ dir: join(data, 'mirrors'), credentials: access.git });
  return {
    git: {
      resolve: (...args) => git.reader.resolve(...args),
      commit: (...args) => git.reader.commit(...args),
      changes: (...args) => git.reader.changes(...args),
      keepRevision: (request) => git.keepRevision(request),
    },
    gitWriter: git.writer,
    trees: git.trees,
    usedPaths: new UsedPaths(),
    renderer: createRenderer({ trees: git.trees, charts, dir: join(data, 'render') }),
    charts,
    manifests: parseManifests,
    jq: createJq(),
    metrics: createMetrics(),
    orchestrator: createOrchestrator(client),
    directory: createClusterDirectory(client),
    schedules: createSchedules(),
    policies: createPolicies({ trees: git.trees, dir: policies }),
    ...(file.forges === undefined ? {} : { forge: createForge(file.forges) }),
    ...(policy === undefined ? {} : { policy: openPolicy(policy, say) }),
    ...(healthScripts === undefined
      ? {}
      : { healthScripts: createHealthScripts(loadHealthScripts(healthScripts)) }),
    ...(argocdCm === undefined ? {} : { systemIgnores: loadSystemIgnores(argocdCm) }),
    pollMs,
  };
}

function readCredentials(path: string): CredentialFile {
  return JSON.parse(readFileSync(path, 'utf8')) as CredentialFile;
}

function defaultDataDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'belay');
}
