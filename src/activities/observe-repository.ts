import { Context } from '@temporalio/activity';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { GitChanged } from '../messages/application';
import type { ObserveRepositoryInput, Watched } from '../messages/observer';
import { isPortError } from '../ports/port-error';
import { beating, isEndedByWorkflow } from './beating';
import { findUnconcerned } from './concerned';
import { problemOfPort } from './plan-revision';
import type { Ports } from './ports';

/** What the applications of a repository were told, and the turn that the workflow ended. */
interface Memory {
  readonly told: Map<string, GitChanged>;
  endedTurn?: number;
}

/** A hint ends a turn, and the next one begins when the heartbeat has brought that back. */
const beatMs = 200;

/**
 * Asks a repository for its refs again and again and tells each application what its ref names now: at the start, then when it
 * changes. One question serves all applications that track the same ref. Only a turn that follows in this very process on one that the
 * workflow ended knows what was told, and tells what differs, and those that have registered since.
 */
export function createObserveRepository(ports: Omit<Ports, 'cluster'>) {
  const { git, charts, orchestrator, usedPaths, pollMs } = ports;
  const memories = new Map<string, Memory>();

  /** Whoever is fresh was told nothing, even if this turn ends before it tells them. */
  function recall({ repoUrl, watched, turn = 0 }: ObserveRepositoryInput): Memory {
    const known = memories.get(repoUrl);
    const follows = known?.endedTurn === turn - 1 && Context.current().info.attempt === 1;
    const now = new Set(watched.filter(({ freshIn }) => freshIn !== turn).map(keyOf));
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

      async function tell(each: Watched, change: GitChanged, same?: string): Promise<void> {
        const { application, source } = each;
        const named = source === undefined ? change : { ...change, source };
        const whole = same === undefined ? named : { ...named, same };
        await orchestrator.signalApplication(application, 'gitChanged', whole);
        told.set(keyOf(each), change);
        if (same !== undefined && change.kind === 'revision') usedPaths?.moved(each, change.revision);
      }

      /** Tells those whom it concerns; answers what is left to be told, without haste, to those who only have to note it. */
      async function look(sources: readonly Watched[]): Promise<readonly Note[]> {
        const { targetRevision, chart } = sources[0] ?? { targetRevision: '' };
        const change = await resolve(targetRevision, chart);
        const outdated = sources.filter((each) => !isDeepStrictEqual(told.get(keyOf(each)), change));
        const same =
          change.kind === 'revision' ? await sameAsTold(change, outdated) : new Map<Watched, string>();
        const concerned = outdated.filter((each) => !same.has(each));
        await Promise.all(concerned.map((each) => tell(each, change)));
        beat.note(
          change.kind === 'revision'
            ? `${targetRevision} is ${change.revision.slice(0, 12)}`
            : change.problem.message,
        );
        return [...same].map(
          ([each, before]) =>
            () =>
              tell(each, change, before),
        );
      }

      /** Those to whom the newest revision says nothing new, with the one that they were told before. */
      async function sameAsTold(
        change: GitChanged & { readonly kind: 'revision' },
        outdated: readonly Watched[],
      ): Promise<ReadonlyMap<Watched, string>> {
        const before = Map.groupBy(outdated, (each) => {
          const known = told.get(keyOf(each));
          return known?.kind === 'revision' && known.branch === change.branch ? known.revision : '';
        });
        const found = [...before].map(async ([from, sources]) => {
          if (from === '') return [];
          const move = { repoUrl, from, to: change.revision };
          const same = await findUnconcerned(ports, move, sources, beat.signal);
          return same.map((each) => [each, from] as const);
        });
        return new Map((await Promise.all(found)).flat());
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
        const notes = await Promise.all([...byRef.values()].map((sources) => look(sources)));
        const next = performance.now() + pollMs * (0.9 + Math.random() / 5);
        await tellInTurn(notes.flat(), { until: next, signal: beat.signal });
        await pause(next - performance.now(), beat.signal);
      }
      if (isEndedByWorkflow(beat.signal)) memory.endedTurn = turn;
    }, beatMs),
  };
}

type Note = () => Promise<void>;

/** So many at a time and with such pauses, that those whom a commit concerns are served first. */
const notesAtOnce = 5;
const betweenNotesMs = 200;

/** Tells what nobody waits for; what is left at the end is found again by the next look. */
async function tellInTurn(
  notes: readonly Note[],
  { until, signal }: { readonly until: number; readonly signal: AbortSignal },
): Promise<void> {
  for (let next = 0; next < notes.length; next += notesAtOnce) {
    await pause(betweenNotesMs, signal);
    if (signal.aborted) return;
    await Promise.all(notes.slice(next, next + notesAtOnce).map((note) => note()));
    if (performance.now() >= until) return;
  }
}

/** Milliseconds, or until it is called off. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** An application that follows another ref now has not been told what that one names. */
function keyOf({ application, source, targetRevision, chart }: Watched): string {
  return JSON.stringify([application, source, targetRevision, chart]);
}
