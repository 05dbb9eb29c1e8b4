import type { Client } from '@temporalio/client';
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
import { createRenderer, type AllowedBases } from '../adapters/render';
import { createOrchestrator } from '../adapters/temporal/orchestrator';
import { createSchedules } from '../adapters/windows/schedules';
import type { KubeObject } from '../domain/kube-object';
import { openPolicy } from './policy';
import { openCredentialFile, type CredentialFile } from './credential-file';
import { repositoryAccess } from './repository-access';
import { say } from './say';

export interface PortOptions {
  readonly dataDir?: string;
  readonly pollMs: number;
  /** JSON file of credential sources and of Belay's identity in Git: names of variables and files, never secrets. */
  readonly gitCredentials?: string;
  /** Directory or file with users' own rules of health. */
  readonly healthScripts?: string;
  /** Directory of policies in Rego and CEL. */
  readonly policies?: string;
  /** Directory of AppProjects. */
  readonly policy?: string;
  /** Chart repositories that applications may name; absent: all. */
  readonly allowCharts?: readonly string[];
  /** Repositories that kustomizations may take bases from; absent: none. */
  readonly allowBases?: readonly string[];
  /** File with Argo CD's ConfigMap of settings. */
  readonly argocdCm?: string;
  /** Lists Argo CD's repository Secrets, where they are to be used. */
  readonly secrets?: () => Promise<readonly KubeObject[]>;
}

/** The real world behind the activities' ports, but for the cluster: a worker may have several. */
export function openPorts(client: Client, options: PortOptions): Omit<Ports, 'cluster'> {
  const { dataDir, pollMs, gitCredentials, allowCharts, allowBases, argocdCm, policy, policies } = options;
  const { healthScripts = argocdCm } = options;
  const file: CredentialFile = gitCredentials === undefined ? {} : openCredentialFile(gitCredentials);
  const data = dataDir ?? defaultDataDir();
  const access = repositoryAccess({ ...options, file, dataDir: data });
  const charts = createCharts({
    cacheDir: join(data, 'charts'),
    ...(allowCharts === undefined ? {} : { allow: allowCharts }),
    ...(access.charts === undefined ? {} : { credentials: access.charts }),
  });
  const forge = file.forges === undefined ? undefined : createForge(file.forges);
  const { commits, ...identity } = file.identity ?? {};
  const git = createGit({
    dir: join(data, 'mirrors'),
    credentials: access.git,
    identity,
    ...(commits === 'forge' && forge !== undefined
      ? { publish: (...args) => forge.publishCommit(...args) }
      : {}),
  });
  const resolveBase: AllowedBases['resolve'] = async (repoUrl, ref, signal) =>
    (await git.reader.resolve(repoUrl, ref, signal)).revision;
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
    renderer: createRenderer({
      trees: git.trees,
      charts,
      dir: join(data, 'render'),
      ...(allowBases === undefined ? {} : { bases: { allow: allowBases, resolve: resolveBase } }),
    }),
    charts,
    manifests: parseManifests,
    jq: createJq(),
    metrics: createMetrics(),
    orchestrator: createOrchestrator(client),
    directory: createClusterDirectory(client),
    schedules: createSchedules(),
    policies: createPolicies({ trees: git.trees, dir: policies }),
    ...(forge === undefined ? {} : { forge }),
    ...(policy === undefined ? {} : { policy: openPolicy(policy, say) }),
    ...(healthScripts === undefined
      ? {}
      : { healthScripts: createHealthScripts(loadHealthScripts(healthScripts)) }),
    ...(argocdCm === undefined ? {} : { systemIgnores: loadSystemIgnores(argocdCm) }),
    pollMs,
  };
}

function defaultDataDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'belay');
}
