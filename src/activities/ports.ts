import type { IgnoreDifferences } from '../domain/application-spec';
import type { Target } from '../domain/project/project';
import type { Schedules } from '../domain/project/window-state';
import type { Charts } from '../ports/charts';
import type { Cluster } from '../ports/cluster';
import type { ClusterDirectory, KnownCluster } from '../ports/cluster-directory';
import type { GitReader, GitWriter, SourceTrees } from '../ports/git';
import type { HealthScripts } from '../ports/health';
import type { Jq } from '../ports/jq';
import type { ManifestReader } from '../ports/manifests';
import type { Metrics } from '../ports/metrics';
import type { Orchestrator } from '../ports/orchestrator';
import type { Forge } from '../ports/forge';
import type { Policies } from '../ports/policies';
import type { Policy } from '../ports/policy';
import type { Renderer } from '../ports/render';
import type { KnownLive } from './known-live';
import type { UsedPaths } from './used-paths';

/** Everything that activities reach the world through. */
export interface Ports {
  readonly cluster: Cluster;
  readonly git: GitReader & {
    keepRevision(request: {
      app: string;
      repoUrl: string;
      paths: readonly string[];
      revision: string;
    }): Promise<void>;
  };
  readonly gitWriter: GitWriter;
  /** Tells which applications a commit concerns; absent: all of them. */
  readonly trees?: Pick<SourceTrees, 'ids'>;
  /** What applications use of their repositories, as far as this process has read them. */
  readonly usedPaths?: UsedPaths;
  /** What is known of the cluster's objects without asking; absent: nothing. */
  readonly knownLive?: KnownLive;
  readonly manifests: ManifestReader;
  readonly renderer: Renderer;
  readonly charts: Charts;
  readonly metrics: Metrics;
  readonly jq: Jq;
  /** Differences that are ignored in all applications. */
  readonly systemIgnores?: readonly IgnoreDifferences[];
  /** Users' own rules of health, where a worker was given some. */
  readonly healthScripts?: HealthScripts;
  readonly orchestrator: Orchestrator;
  /** What projects allow; absent: there is only `default`, and it allows everything. */
  readonly policy?: Policy;
  /** Rules about what may be deployed; absent: there are none, and applications that bring some are refused. */
  readonly policies?: Policies;
  /** Where commit statuses are told; absent: nowhere. */
  readonly forge?: Forge;
  /** The clusters of all workers; absent: there are only this worker's. */
  readonly directory?: ClusterDirectory;
  /** The clusters that this worker serves now. */
  readonly served?: () => readonly Omit<KnownCluster, 'isServed'>[];
  /** How projects name this cluster now; absent: as the worker's own. */
  readonly target?: () => Target;
  /** Schedules of sync windows; absent: windows are not looked at. */
  readonly schedules?: Schedules;
  /** How often a repository's refs are asked for. */
  readonly pollMs: number;
}
