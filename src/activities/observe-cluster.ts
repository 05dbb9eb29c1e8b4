import { Context } from '@temporalio/activity';
import type { HealthSummary } from '../domain/health';
import { keyOf, refOf } from '../domain/kube-object';
import { marks } from '../domain/marks';
import { baseKinds } from '../domain/watched-kinds';
import type { ClusterChanged, HealthChanged } from '../messages/application';
import type { Kind, WatchEvent } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { beating, isEndedByWorkflow, type Beat } from './beating';
import { ClusterBook } from './cluster-book';
import { Debounced } from './debounced';
import type { Ports } from './ports';

const hintMs = 200;
const healthMs = 1_000;
const mostNames = 20;

export interface ObserveClusterInput {
  readonly cluster: string;
  /** Default: the kinds that are watched in every cluster. */
  readonly kinds?: readonly Kind[];
  /** Rises by 1 with each activity that the workflow starts. */
  readonly turn?: number;
}

/**
 * One set of watches for all applications of a cluster, by their label. It tells each application, debounced and level-triggered, when
 * something of it may have drifted (`clusterChanged`) and how its objects are together (`healthChanged`). At the start everything is
 * listed, and each application with a foreign change, and the health of each, is told once. Only a turn that follows in this very
 * process on one that the workflow ended knows what was told, and tells what differs.
 */
export function createObserveCluster(
  ports: Pick<Ports, 'cluster' | 'orchestrator' | 'healthScripts' | 'knownLive'>,
) {
  let desk = openDesk(ports);
  let endedTurn: number | undefined;
  return {
    observeCluster: beating(async (input: ObserveClusterInput, beat): Promise<void> => {
      const { kinds = baseKinds, turn = 0 } = input;
      const follows = endedTurn === turn - 1 && Context.current().info.attempt === 1;
      if (!follows) desk = openDesk(ports);
      endedTurn = undefined;
      const { onEvent } = watchFor(desk, kinds, beat);
      desk.hints.release();
      ports.knownLive?.follow(desk.book);
      try {
        await ports.cluster.observe(kinds, marks.application, onEvent, beat.signal);
      } finally {
        ports.knownLive?.follow(undefined);
        desk.hints.hold();
        desk.healths.hold();
        if (isEndedByWorkflow(beat.signal)) endedTurn = turn;
      }
    }),
  };
}

interface Desk {
  readonly book: ClusterBook;
  readonly hints: Debounced;
  readonly healths: Debounced;
}

function openDesk({ orchestrator, healthScripts }: Pick<Ports, 'orchestrator' | 'healthScripts'>): Desk {
  const names = new Map<string, Set<string>>();
  const told = new Map<string, string>();
  const book = new ClusterBook(healthScripts, {
    hint: (application, object) => {
      names.set(application, (names.get(application) ?? new Set()).add(object));
      hints.touch(application);
    },
    health: (application) => healths.touch(application),
  });
  const hints: Debounced = new Debounced(hintMs, async (application) => {
    const changed = names.get(application) ?? new Set<string>();
    const payload: ClusterChanged = { objects: [...changed].slice(0, mostNames) };
    names.delete(application);
    await orchestrator.signalApplication(application, 'clusterChanged', payload).catch((error: unknown) => {
      names.set(application, new Set([...changed, ...(names.get(application) ?? [])]));
      throw error;
    });
  });
  const healths: Debounced = new Debounced(healthMs, async (application) => {
    const summary = book.summaryOf(application);
    if (summary === undefined) return healths.touch(application);
    const text = essenceOf(summary);
    if (told.get(application) !== text) {
      const payload: HealthChanged = { ...summary, at: Date.now() };
      await orchestrator.signalApplication(application, 'healthChanged', payload);
    }
    if (book.has(application)) told.set(application, text);
    else told.delete(application);
  });
  return { book, hints, healths };
}

/** What is worth a signal: the counts in the message of an object that is still moving are not. */
function essenceOf({ health, objects }: HealthSummary): string {
  return JSON.stringify([
    health,
    objects.map(({ object, status, message }) => [object, status, status === 'Progressing' ? '' : message]),
  ]);
}

/** Takes in one run of watches; healths are told once every kind has been listed, or refused: half of an application says nothing. */
function watchFor({ book, healths }: Desk, kinds: readonly Kind[], beat: Beat) {
  const open = new Set(kinds.map(nameOf));
  const listed = new Map<string, Set<string>>();
  const troubles = new Map<string, string>();

  function note(): void {
    const without = [...troubles].map(([kind, why]) => `; without ${kind}: ${why}`).join('');
    beat.note(`watching ${book.size} objects of ${kinds.length - troubles.size} kinds${without}`);
  }

  function opened(kind: string): void {
    open.delete(kind);
    if (open.size === 0) healths.release();
    note();
  }

  function onEvent(event: WatchEvent): void {
    switch (event.type) {
      case 'LISTED': {
        const name = nameOf(event.object);
        listed.set(name, (listed.get(name) ?? new Set()).add(book.note(event.object)));
        return;
      }
      case 'ADDED':
      case 'MODIFIED':
        book.note(event.object);
        return;
      case 'DELETED':
        book.forget(keyOf(refOf(event.object)));
        return;
      case 'SYNCED': {
        const name = nameOf(event.kind);
        book.keepOnly(event.kind, listed.get(name) ?? new Set());
        listed.delete(name);
        troubles.delete(name);
        opened(name);
        return;
      }
      case 'FAILED': {
        const name = nameOf(event.kind);
        // With its kind an object is gone; what may not be read is as it was.
        if (isPortError(event.error, 'KindNotFound', 'NotFound')) book.keepOnly(event.kind, new Set());
        listed.delete(name);
        troubles.set(name, event.error.message);
        opened(name);
      }
    }
  }
  note();
  return { onEvent };
}

function nameOf({ apiVersion, kind }: Kind): string {
  return `${kind} of ${apiVersion}`;
}
