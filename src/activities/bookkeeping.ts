import type { ApplicationSpec } from '../domain/application-spec';
import { mirrorOf } from '../domain/application-state';
import { revisionAt, type Pinned } from '../domain/write-back/planned-restores';
import { pathsOfSource } from '../domain/write-back/written-paths';
import type { QueuedRestore, RepositoryWatch } from '../ports/orchestrator';
import { isPortError } from '../ports/port-error';
import { beating } from './beating';
import { writeMirror } from './inventory';
import type { Ports } from './ports';
import { recallApplication } from './recall';
import { sourcesKey } from './used-paths';

/** Small effects of an application: its mirror in the cluster, its observers, its questions to other workflows. */
export function createBookkeeping(ports: Ports) {
  const { cluster, orchestrator } = ports;
  return {
    /** The state from which an earlier life of this application goes on, as JSON, or null. */
    recallState: beating(
      async ({ spec }: { readonly spec: ApplicationSpec }, beat): Promise<string | null> => {
        const place = { application: spec.name, namespace: spec.destination.namespace };
        const { mirrored, state } = await recallApplication(cluster, place, beat.signal);
        if (mirrored.spec === undefined && Object.keys(state.workloads).length === 0) return null;
        const { interrupted } = state;
        return JSON.stringify({ ...mirrorOf(state), ...(interrupted === undefined ? {} : { interrupted }) });
      },
    ),
    /** Writes the mirror; `keep` are the good commits, kept under private refs of the repositories' mirrors, so that a force-push cannot take them away. */
    mirrorState: beating((input: MirrorInput): Promise<void> => mirrorAndKeep(ports, input)),
    watchSources: beating(async ({ spec, cluster: id }: WatchInput): Promise<void> => {
      await Promise.all(watchesOf(spec).map((watch) => orchestrator.watchRepository(watch)));
      await orchestrator.watchCluster(id);
    }),
    forgetSources: beating(async ({ spec }: Pick<WatchInput, 'spec'>): Promise<void> => {
      await Promise.all(watchesOf(spec).map((watch) => orchestrator.forgetRepository(watch)));
    }),
    requestRestore: beating(async (request: QueuedRestore): Promise<void> =>
      orchestrator.requestRestore(request),
    ),
    describeWorkflow: beating(async ({ workflowId }: { readonly workflowId: string }) =>
      orchestrator.describe(workflowId),
    ),
  };
}

interface MirrorInput {
  readonly spec: ApplicationSpec;
  readonly state: string;
  /** The good revisions of the sources. */
  readonly keep?: Pinned;
}

/** Rejects with what stands in the way of the mirror; a commit that cannot be kept is kept with the next one. */
export async function mirrorAndKeep(
  { cluster, git }: Pick<Ports, 'cluster' | 'git'>,
  { spec, state, keep }: MirrorInput,
): Promise<void> {
  const kept = keep === undefined ? [] : keepsOf(spec, keep).map((each) => git.keepRevision(each));
  const written = writeMirror(cluster, spec.name, spec.destination.namespace, { state });
  const [mirrored] = await Promise.allSettled([written, ...kept]);
  if (mirrored.status === 'fulfilled' || isPortError(mirrored.reason, 'NotFound')) return; // nothing was ever delivered: the namespace is not there
  throw mirrored.reason;
}

/** A private reference for each source that lies in Git. */
function keepsOf(spec: ApplicationSpec, keep: Pinned) {
  return [spec.source, ...(spec.otherSources ?? [])].flatMap(({ repoUrl, chart }, index) => {
    const revision = revisionAt(keep, index);
    const paths = pathsOfSource(spec, index);
    if (chart !== undefined || revision === '' || paths.length === 0) return [];
    const app = index === 0 ? spec.name : `${spec.name}.source-${index}`;
    return [{ app, repoUrl, paths, revision }];
  });
}

interface WatchInput {
  readonly spec: ApplicationSpec;
  readonly cluster: string;
}

/** What is asked for the newest revision of each source; 0 is the primary one. */
function watchesOf(spec: ApplicationSpec): readonly RepositoryWatch[] {
  const sources = sourcesKey(spec);
  return [spec.source, ...(spec.otherSources ?? [])].map(({ repoUrl, targetRevision, chart }, source) => ({
    application: spec.name,
    repoUrl,
    targetRevision,
    ...(source === 0 ? {} : { source }),
    ...(chart === undefined ? {} : { chart }),
    sources,
  }));
}
