import { asJudged, healthOf, type Health, type HealthOptions } from '../domain/health';
import { groupOf, keyOf, nameOf, refOf, type KubeObject, type ObjectRef } from '../domain/kube-object';
import { objectResult } from '../domain/sync/wait';
import type { Kind, WatchEvent } from '../ports/cluster';
import type { HealthScripts } from '../ports/health';
import type { PortError } from '../ports/port-error';
import type { Beat } from './beating';
import { judgeHealth } from './judge-health';

/** `object` is `Job shop/migrate`. */
export type AwaitedHealth =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'degraded' | 'gone'; readonly object: string; readonly message: string };

interface Waited {
  readonly ref: ObjectRef;
  readonly name: string;
  /** `metadata.generation` that it was first seen with; an older status is not believed. */
  generation?: number | undefined;
  health?: Health;
  /** When it was first seen with this status. */
  since: number;
  /** The newest state, while an older one is judged. */
  next?: KubeObject;
  isJudging: boolean;
}

/** The objects whose health is still waited for, and the answer when it is known. */
export class WaitingList {
  readonly answer: Promise<AwaitedHealth>;
  private readonly left: Map<string, Waited>;
  private readonly listed = new Set<string>();
  private settle: (answer: AwaitedHealth) => void = () => undefined;

  constructor(
    refs: readonly ObjectRef[],
    private readonly scripts: HealthScripts | undefined,
    private readonly beat: Beat,
  ) {
    this.answer = new Promise((resolve) => (this.settle = resolve));
    const since = beat.now();
    this.left = new Map(refs.map((ref) => [keyOf(ref), { ref, name: nameOf(ref), since, isJudging: false }]));
    this.note();
  }

  take(event: WatchEvent): void {
    switch (event.type) {
      case 'SYNCED':
        for (const each of this.ofKind(event.kind))
          if (!this.listed.has(keyOf(each.ref))) this.end('gone', each, 'it is not there');
        this.listed.clear();
        return;
      case 'FAILED':
        this.fail(event.kind, event.error);
        return;
      case 'DELETED': {
        const waited = this.left.get(keyOf(refOf(event.object)));
        if (waited !== undefined) this.end('gone', waited, 'it was deleted');
        return;
      }
      case 'LISTED':
        this.listed.add(keyOf(refOf(event.object)));
        this.look(event.object);
        return;
      case 'ADDED':
      case 'MODIFIED':
        this.look(event.object);
    }
  }

  private look(object: KubeObject): void {
    const waited = this.left.get(keyOf(refOf(object)));
    if (waited === undefined) return;
    const { generation } = object.metadata;
    waited.generation ??= generation;
    if (generation !== undefined && generation < (waited.generation ?? 0)) {
      this.end('gone', waited, 'it was deleted, and made anew by somebody else');
      return;
    }
    if (this.scripts?.covers(object) !== true) {
      this.heard(waited, healthOf(asJudged(object), optionsOf(waited)));
      return;
    }
    waited.next = object;
    if (!waited.isJudging) void this.judge(waited);
  }

  /** One state at a time, and then the newest: a script may take its time. */
  private async judge(waited: Waited): Promise<void> {
    waited.isJudging = true;
    for (let object = waited.next; object !== undefined; object = waited.next) {
      delete waited.next;
      const health = await judgeHealth(object, this.scripts, optionsOf(waited));
      if (waited.next === undefined) this.heard(waited, health);
    }
    waited.isJudging = false;
  }

  private heard(waited: Waited, health: Health | undefined): void {
    switch (objectResult(health)) {
      case 'succeeded':
        this.left.delete(keyOf(waited.ref));
        if (this.left.size === 0) this.settle({ kind: 'healthy' });
        break;
      case 'failed':
        this.end('degraded', waited, health?.message ?? 'it is Degraded');
        break;
      case 'running':
        if (waited.health?.status !== health?.status) waited.since = this.beat.now();
        if (health !== undefined) waited.health = health;
    }
    this.note();
  }

  private fail(kind: Kind, error: PortError): void {
    const [first] = this.ofKind(kind);
    if (first === undefined) return;
    switch (error.code) {
      case 'KindNotFound':
      case 'NotFound':
        return this.end('gone', first, error.message);
      case 'Forbidden':
        return this.end('degraded', first, error.message);
      default:
        this.beat.note(`waiting for ${first.name}: ${error.message}`);
    }
  }

  private ofKind({ apiVersion, kind }: Kind): readonly Waited[] {
    return [...this.left.values()].filter(
      ({ ref }) => ref.kind === kind && groupOf(ref.apiVersion) === groupOf(apiVersion),
    );
  }

  private end(kind: 'degraded' | 'gone', { name: object }: Waited, message: string): void {
    this.settle({ kind, object, message });
  }

  private note(): void {
    const [first, ...others] = this.left.values();
    if (first === undefined) return;
    const more = others.length === 0 ? '' : `, and for ${others.length} more`;
    this.beat.note(`waiting for ${first.name}: ${this.stateOf(first)}${more}`);
  }

  /** `Progressing (its phase is Pending), since 12:03:07 UTC`. */
  private stateOf({ health, since }: Waited): string {
    const time = `since ${new Date(since).toISOString().slice(11, 19)} UTC`;
    if (health === undefined) return `not seen yet, ${time}`;
    return `${health.status}${health.message === undefined ? '' : ` (${health.message})`}, ${time}`;
  }
}

function optionsOf({ generation }: Waited): HealthOptions {
  return generation === undefined ? {} : { generation };
}
