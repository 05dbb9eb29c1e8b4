import type { SourceSpec } from '../domain/application-spec';
import type { Read } from '../domain/problem';
import type { TreeFile } from './git';

/** What is rendered: one source of an application at a fixed revision. */
export interface RenderRequest {
  /** Name and namespace of the application: Helm's release name and namespace by default. */
  readonly application: string;
  readonly namespace: string;
  readonly source: SourceSpec;
  /** A commit; of a chart from a chart repository: its exact version. */
  readonly revision: string;
  /** Repositories that value files may refer to as `$name/…`, at fixed commits. */
  readonly refs: Readonly<Record<string, RefSource>>;
  readonly capabilities: Capabilities;
}

export interface RefSource {
  readonly repoUrl: string;
  readonly revision: string;
}

/** What Helm templates may ask about the cluster. */
export interface Capabilities {
  /** Such as `v1.36.3`. */
  readonly kubeVersion: string;
  /** `apps/v1`, `apps/v1/Deployment`, …; sorted. */
  readonly apiVersions: readonly string[];
}

/** Paths of a repository, what must not be there included. */
export interface PathsOf {
  readonly repoUrl: string;
  readonly paths: readonly string[];
}

/** A rendering that has been looked up, but not done: equal keys have equal files. */
export interface Prepared {
  /** Hash of everything the output depends on: trees used, parameters, tool versions, capabilities where they count. */
  readonly key: string;
  /** Tree id of `source.path` at the revision; of a chart from a chart repository: the digest of its archive. */
  readonly tree: string;
  /** Everything in Git that was read for it: another commit with the same there renders the same. Absent: every commit counts. */
  readonly uses?: readonly PathsOf[];
  /** Renders in a child process with an empty environment and HOME, no network, and limits. File names are what a person finds in Git where that is possible. */
  render(signal: AbortSignal): Promise<Read<readonly TreeFile[]>>;
}

/** Makes plain manifests of a source. What a person can mend is a Problem; throws PortError for what cannot be reached. */
export interface Renderer {
  prepare(request: RenderRequest, signal: AbortSignal): Promise<Read<Prepared>>;
}
