import type { Cluster } from '../ports/cluster';
import type { GitReader, GitWriter } from '../ports/git';
import type { ManifestReader } from '../ports/manifests';
import type { Metrics } from '../ports/metrics';
import type { Orchestrator } from '../ports/orchestrator';

/** Everything that activities reach the world through. */
export interface Ports {
  readonly cluster: Cluster;
  readonly git: GitReader & {
    keepRevision(request: { app: string; repoUrl: string; path: string; revision: string }): Promise<void>;
  };
  readonly gitWriter: GitWriter;
  readonly manifests: ManifestReader;
  readonly metrics: Metrics;
  readonly orchestrator: Orchestrator;
  /** How often a repository's refs are asked for. */
  readonly pollMs: number;
}
