import { beating } from './beating';
import type { Ports } from './ports';

/** What a release asks of any worker: it belongs to no cluster. */
export function createReleaseQuestions({
  directory,
  served,
  orchestrator,
}: Pick<Ports, 'directory' | 'served' | 'orchestrator'>) {
  return {
    /** Of these ids of clusters, those for which no worker has been heard of lately. */
    findUnserved: beating(
      async ({ clusters }: { readonly clusters: readonly string[] }): Promise<readonly string[]> => {
        const mine = served?.() ?? [];
        const elsewhere = (await directory?.known()) ?? [];
        const ids = [...mine, ...elsewhere.filter(({ isServed }) => isServed)].map(({ id }) => id);
        return clusters.filter((id) => !ids.includes(id));
      },
    ),
    /** `running`, or how the workflow ended; `missing` when there is none. */
    describeRelease: beating(({ workflowId }: { readonly workflowId: string }) =>
      orchestrator.describe(workflowId),
    ),
    /** Asks the writer of a branch for a commit; the answer comes as a signal. Asked twice, it is done once. */
    askWriter: beating((asked: Parameters<typeof orchestrator.requestRestore>[0]): Promise<void> =>
      orchestrator.requestRestore(asked),
    ),
  };
}
