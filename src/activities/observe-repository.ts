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
export function createObserveRepository({ git, orchestrator, pollMs }: Ports) {
  return {
    observeRepository: beating(async ({ repoUrl, watched }: RepositoryObserverInput, beat): Promise<void> => {
      const told = new Map<string, string>();

      async function look(targetRevision: string, applications: readonly Watched[]): Promise<void> {
        const change = await resolve(targetRevision);
        const text = JSON.stringify(change);
        await Promise.all(
          applications
            .filter(({ application }) => told.get(application) !== text)
            .map(async ({ application }) => {
              await orchestrator.signalApplication(application, 'gitChanged', change);
              told.set(application, text);
            }),
        );
        beat.note(
          change.kind === 'revision'
            ? `${targetRevision} is ${change.revision.slice(0, 12)}`
            : change.problem.message,
        );
      }

      async function resolve(targetRevision: string): Promise<GitChanged> {
        try {
          return { kind: 'revision', ...(await git.resolve(repoUrl, targetRevision)) };
        } catch (error: unknown) {
          if (isPortError(error)) return { kind: 'problem', problem: problemOfPort(error) };
          throw error;
        }
      }

      const byRef = Map.groupBy(watched, (each) => each.targetRevision);
      while (!beat.signal.aborted) {
        await Promise.all([...byRef].map(([ref, applications]) => look(ref, applications)));
        await sleep(pollMs * (0.9 + Math.random() / 5), undefined, { signal: beat.signal }).catch(
          () => undefined,
        );
      }
    }),
  };
}
