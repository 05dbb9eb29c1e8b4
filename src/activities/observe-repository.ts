import { Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GitChanged } from '../messages/application';
import type { ObserveRepositoryInput, Watched } from '../messages/observer';
import { isPortError } from '../ports/port-error';
import { beating, isEndedByWorkflow } from './beating';
import { problemOfPort } from './plan-revision';
import type { Ports } from './ports';

/** What the applications of a repository were told, and the turn that the workflow ended. */
interface Memory {
  readonly told: Map<string, string>;
  endedTurn?: number;
}

/** A hint ends a turn, and the next one begins when the heartbeat has brought that back. */
const beatMs = 200;

/**
 * Asks a repository for its refs again and again and tells each application what its ref names now: at the start, then when it
 * changes. One question serves all applications that track the same ref. Only a turn that follows in this very process on one that the
 * workflow ended knows what was told, and tells what differs, and those that have registered since.
 */
export function createObserveRepository({ git, charts, orchestrator, pollMs }: Omit<Ports, 'cluster'>) {
  const memories = new Map<string, Memory>();

  /** Whoever is fresh was told nothing, even if this turn ends before it tells them. */
  function recall({ repoUrl, watched, turn = 0, fresh = [] }: ObserveRepositoryInput): Memory {
    const known = memories.get(repoUrl);
    const follows = known?.endedTurn === turn - 1 && Context.current().info.attempt === 1;
    const now = new Set(watched.map(keyOf));
    for (const each of fresh) now.delete(keyOf(each));
    const before = follows ? [...(known?.told ?? [])] : [];
    const memory = { told: new Map(before.filter(([key]) => now.has(key))) };
    memories.set(repoUrl, memory);
    return memory;
  }

  return {
    observeRepository: beating(async (input: ObserveRepositoryInput, beat): Promise<void> => {
      const { watched, repoUrl, turn = 0 } = input;
      const memory: Memory = recall(input);
      const { told } = memory;

      async function look(sources: readonly Watched[]): Promise<void> {
        const { targetRevision, chart } = sources[0] ?? { targetRevision: '' };
        const change = await resolve(targetRevision, chart);
        const text = JSON.stringify(change);
        await Promise.all(
          sources
            .filter((each) => told.get(keyOf(each)) !== text)
            .map(async (each) => {
              const { application, source } = each;
              const named = source === undefined ? change : { ...change, source };
              await orchestrator.signalApplication(application, 'gitChanged', named);
              told.set(keyOf(each), text);
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
      if (isEndedByWorkflow(beat.signal)) memory.endedTurn = turn;
    }, beatMs),
  };
}

/** An application that follows another ref now has not been told what that one names. */
function keyOf({ application, source, targetRevision, chart }: Watched): string {
  return JSON.stringify([application, source, targetRevision, chart]);
}
