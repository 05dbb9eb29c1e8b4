import {
  asJudged,
  countsForApplication,
  healthOf,
  summarise,
  type Health,
  type HealthSummary,
  type Judged,
} from '../domain/health';
import { isForeignChange } from '../domain/hints';
import { keyOf, nameOf, refOf, type KubeObject } from '../domain/kube-object';
import { marks } from '../domain/marks';
import type { HealthScripts } from '../ports/health';
import { judgeHealth } from './judge-health';
import { driftHash, type LiveBook } from './known-live';

/** What is remembered of an object: the object itself is not, for there may be many thousands. */
interface Entry {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly application: string;
  readonly isCanary: boolean;
  /** Hash of what of it can drift: a Secret's values are not kept either. */
  readonly drift: string;
  judged?: Judged;
  /** The newest state that its script has not judged yet. */
  unjudged?: KubeObject;
}

interface Told {
  /** Something of the application may differ from what was applied. */
  readonly hint: (application: string, object: string) => void;
  /** The summary of the application may be another one now. */
  readonly health: (application: string) => void;
}

/** What the observer of a cluster knows of all labelled objects, by application. */
export class ClusterBook implements LiveBook {
  private readonly entries = new Map<string, Entry>();
  private readonly byApplication = new Map<string, Map<string, Entry>>();

  constructor(
    private readonly scripts: HealthScripts | undefined,
    private readonly told: Told,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** Takes in the state of an object; gives its key. */
  note(object: KubeObject): string {
    const ref = refOf(object);
    const key = keyOf(ref);
    const known = this.entries.get(key);
    const application = object.metadata.labels?.[marks.application] ?? '';
    const entry: Entry = {
      key,
      kind: kindKey(object),
      name: nameOf(ref),
      application,
      isCanary: object.metadata.labels?.[marks.canaryOf] !== undefined,
      drift: driftHash(object),
      ...(known?.judged === undefined ? {} : { judged: known.judged }),
    };
    if (known !== undefined && known.application !== application) this.forget(key);
    this.entries.set(key, entry);
    this.put(entry);
    if (known?.drift !== entry.drift && isForeignChange(object)) this.told.hint(application, entry.name);
    this.judge(entry, known, object);
    return key;
  }

  /** The object is gone: that of a canary is no drift. */
  forget(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    const own = this.byApplication.get(entry.application);
    own?.delete(key);
    if (own?.size === 0) this.byApplication.delete(entry.application);
    if (!entry.isCanary) this.told.hint(entry.application, entry.name);
    if (entry.judged !== undefined) this.told.health(entry.application);
  }

  /** After a complete list of a kind: what was not in it is gone. */
  keepOnly(kind: Pick<KubeObject, 'apiVersion' | 'kind'>, keys: ReadonlySet<string>): void {
    const key = kindKey(kind);
    for (const entry of [...this.entries.values()])
      if (entry.kind === key && !keys.has(entry.key)) this.forget(entry.key);
  }

  /** How an application is; undefined while a script has still to say something. */
  summaryOf(application: string): HealthSummary | undefined {
    const entries = [...(this.byApplication.get(application)?.values() ?? [])];
    if (entries.some(({ unjudged }) => unjudged !== undefined)) return undefined;
    return summarise(entries.flatMap(({ judged }) => judged ?? []));
  }

  driftOf(key: string): { readonly application: string; readonly drift: string } | undefined {
    return this.entries.get(key);
  }

  has(application: string): boolean {
    return this.byApplication.has(application);
  }

  private put(entry: Entry): void {
    const own = this.byApplication.get(entry.application) ?? new Map<string, Entry>();
    this.byApplication.set(entry.application, own.set(entry.key, entry));
  }

  private judge(entry: Entry, known: Entry | undefined, object: KubeObject): void {
    if (!countsForApplication(object)) {
      this.settle(entry, undefined);
    } else if (this.scripts?.covers(object) !== true) {
      this.settle(entry, healthOf(asJudged(object)));
    } else {
      entry.unjudged = object;
      if (known?.unjudged === undefined) void this.judgeByScript(entry.key);
      else delete known.unjudged; // the loop that is at it goes on with the newest
    }
  }

  /** One run at a time for an object: states in between are skipped. */
  private async judgeByScript(key: string): Promise<void> {
    for (;;) {
      const entry = this.entries.get(key);
      const object = entry?.unjudged;
      if (entry === undefined || object === undefined) return;
      const found = await judgeHealth(object, this.scripts);
      const newest = this.entries.get(key);
      if (newest?.unjudged === object) {
        delete newest.unjudged;
        this.settle(newest, found);
        return;
      }
    }
  }

  private settle(entry: Entry, health: Health | undefined): void {
    const before = entry.judged?.health;
    if (health === undefined) delete entry.judged;
    else entry.judged = { object: entry.name, health };
    if (before?.status !== health?.status || before?.message !== health?.message)
      this.told.health(entry.application);
  }
}

function kindKey({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${apiVersion}/${kind}`;
}
