import type { ApplicationSpec } from '../domain/application-spec';
import type { Problem, ProblemCode } from '../domain/problem';
import type { WindowState } from '../domain/project/window-state';
import type { RevisionPlan } from '../domain/revision-plan';
import { hookFacts } from '../domain/hook-job';
import type { Cluster } from '../ports/cluster';
import { isPortError, type PortError } from '../ports/port-error';
import { beating } from './beating';
import type { LoadRevision } from './load';
import type { Ports } from './ports';

export type PlanAnswer =
  /** `window`: whether the sync windows of its project let it sync now; absent where the project has none. */
  | { readonly kind: 'planned'; readonly plan: RevisionPlan; readonly window?: WindowState }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** Reading a revision: what is in it, as small facts; manifests never travel through a history. */
export function createPlanRevision({ git, cluster }: Ports, load: LoadRevision) {
  return {
    planRevision: beating(
      async ({
        spec,
        revision,
      }: {
        readonly spec: ApplicationSpec;
        readonly revision: string;
      }): Promise<PlanAnswer> => {
        const { repoUrl, path, recurse } = spec.source;
        const { namespace } = spec.destination;
        try {
          const read = await load({ repoUrl, path, revision, recurse }, namespace);
          if (!read.ok) return { kind: 'refused', problems: read.problems };
          const { tree, workloads, others } = read.value;
          return {
            kind: 'planned',
            plan: {
              revision,
              tree,
              objects: workloads.length + others.length,
              workloads: await Promise.all(
                workloads.map(
                  async ({
                    kind,
                    name,
                    namespace: place,
                    version,
                    strategy,
                    replicas,
                    progressDeadlineMs,
                    hooks = [],
                    restartAt,
                  }) => ({
                    kind,
                    name,
                    namespace: place,
                    version,
                    strategy,
                    progressDeadlineMs,
                    ...(replicas === undefined ? {} : { replicas }),
                    ...(hooks.length === 0 ? {} : { hooks: hooks.map(hookFacts) }),
                    ...(restartAt === undefined ? {} : { restartAt }),
                    exists:
                      (await cluster.get({ apiVersion: 'apps/v1', kind, namespace: place, name })) !==
                      undefined,
                  }),
                ),
              ),
            },
          };
        } catch (error: unknown) {
          if (isPortError(error) && error.retry === 'never')
            return { kind: 'refused', problems: [problemOfPort(error)] };
          throw error;
        }
      },
    ),

    /** Keeps the last good commit under a private ref of the mirror, so that a force-push cannot take it away. */
    keepGood: beating(
      async ({ spec, revision }: { readonly spec: ApplicationSpec; readonly revision: string }) => {
        const { repoUrl, path } = spec.source;
        await git.keepRevision({ app: spec.name, repoUrl, path, revision });
      },
    ),
  };
}

/** A port's error as something a person can mend. */
export function problemOfPort(error: PortError): Problem {
  const codes: Partial<Record<PortError['code'], ProblemCode>> = {
    PathNotFound: 'PathNotFound',
    RevisionNotFound: 'RevisionNotFound',
    Unauthenticated: 'Unauthenticated',
    Forbidden: 'Forbidden',
    Unreachable: 'Unreachable',
    KindNotFound: 'KindNotFound',
  };
  return { code: codes[error.code] ?? 'InvalidSpec', message: error.message };
}
