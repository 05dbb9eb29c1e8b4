import type { ApplicationSpec } from '../domain/application-spec';
import type { QueuedRestore } from '../ports/orchestrator';
import type { RestoreRequest } from '../ports/git';
import { isPortError } from '../ports/port-error';
import { beating } from './beating';
import { readMirror, writeMirror } from './inventory';
import type { Ports } from './ports';

/** Small effects of an application: its mirror in the cluster, its observers, its questions to other workflows. */
export function createBookkeeping({ cluster, orchestrator }: Ports) {
  return {
    /** The mirrored state of an earlier life of this application, as JSON, or null. */
    recallState: beating(async ({ spec }: { readonly spec: ApplicationSpec }): Promise<string | null> => {
      const { state } = await readMirror(cluster, spec.name, spec.destination.namespace);
      return state ?? null;
    }),
    mirrorState: beating(
      async ({ spec, state }: { readonly spec: ApplicationSpec; readonly state: string }): Promise<void> => {
        try {
          await writeMirror(cluster, spec.name, spec.destination.namespace, { state });
        } catch (error: unknown) {
          if (!isPortError(error, 'NotFound')) throw error; // nothing was ever delivered: the namespace is not there
        }
      },
    ),
    watchSources: beating(
      async ({
        spec,
        cluster: id,
      }: {
        readonly spec: ApplicationSpec;
        readonly cluster: string;
      }): Promise<void> => {
        const { repoUrl, targetRevision } = spec.source;
        await orchestrator.watchRepository({ application: spec.name, repoUrl, targetRevision });
        await orchestrator.watchCluster(id);
      },
    ),
    forgetSources: beating(async ({ spec }: { readonly spec: ApplicationSpec }): Promise<void> => {
      const { repoUrl, targetRevision } = spec.source;
      await orchestrator.forgetRepository({ application: spec.name, repoUrl, targetRevision });
    }),
    requestRestore: beating(async (request: QueuedRestore): Promise<void> =>
      orchestrator.requestRestore(request),
    ),
    describeWorkflow: beating(async ({ workflowId }: { readonly workflowId: string }) =>
      orchestrator.describe(workflowId),
    ),
  };
}

/** Activities of the queue that holds Git write credentials. */
export function createGitWriting({ gitWriter }: Ports) {
  return {
    restorePath: beating(async (request: RestoreRequest) => gitWriter.restorePath(request)),
  };
}
