import { setTimeout as sleep } from 'node:timers/promises';
import type { GitChanged } from '../messages/application';
import type { RepositoryObserverInput, Watched } from '../messages/observer';
import { isPortError } from '../ports/port-error';
import { beating } from './beating';
import { problemOfPort } from './plan-revision';
import type { Ports } from './ports';

/**
 * Asks a repository for its refs again and again and tells each application what its ref names now: at the start always, then
 * when it changes. One question serves all applications that track the same ref.
 */
export function createObserveRepository({ git, charts, orchestrator, pollMs }: Omit<Ports, 'cluster'>) {
  return {
    observeRepository: beating(async ({ repoUrl, watched }: RepositoryObserverInput, beat): Promise<void> => {
      const told = new Map<Watched, string>();

      async function look(sources: readonly Watched[]): Promise<void> {
        const { targetRevision, chart } = sources[0] ?? { targetRevision: '' };
        const change = await resolve(targetRevision, chart);
        const text = JSON.stringify(change);
        await Promise.all(
          sources
            .filter((each) => told.get(each) !== text)
            .map(async (each) => {
              const { application, source } = each;
              const named = source === undefined ? change : { ...change, source };
              await orchestrator.signalApplication(application, 'gitChanged', named);
              told.set(each, text);
            }),
        );
        beat.note(
          change.kind === 'revision'
            ? `${targetRevision} is ${change.revision.slice(0, 12)}`
            : change.problem.message,
        );
      }

      async function resolve(targetRevision: string, chart: string | undefined): Promise<GitChanged> {
        try {
          if (chart !== undefined)
            return { kind: 'revision', revision: await charts.resolve({ repoUrl, chart }, targetRevision) };
          return { kind: 'revision', ...(await git.resolve(repoUrl, targetRevision)) };
        } catch (error: unknown) {
          if (isPortError(error)) return { kind: 'problem', problem: problemOfPort(error) };
          throw error;
        }
      }

      const byRef = Map.groupBy(watched, (each) => `${each.chart ?? ''} ${each.targetRevision}`);
      while (!beat.signal.aborted) {
        await Promise.all([...byRef.values()].map((sources) => look(sources)));
        await sleep(pollMs * (0.9 + Math.random() / 5), undefined, { signal: beat.signal }).catch(
          () => undefined,
        );
      }
    }),
  };
}
