import type { KubeObject } from '../../domain/kube-object';

/**
 * The newest known state of the objects of one kind in one namespace. resourceVersions of one cluster may be compared as
 * numbers (KEP-5504, Kubernetes 1.35), so an own write is never overtaken by an older event.
 */
export class LiveKind {
  private readonly objects = new Map<string, KubeObject>();
  /** Highest version seen of a name, so that a late note cannot bring back what was deleted. */
  private readonly deleted = new Map<string, number>();

  /** `changed` is told the name of what has changed; undefined: anything may have. */
  constructor(private readonly changed: (name?: string) => void) {}

  all(): readonly KubeObject[] {
    return [...this.objects.values()];
  }

  replace(objects: readonly KubeObject[]): void {
    const listed = new Map(objects.map((object) => [object.metadata.name, object]));
    for (const name of this.objects.keys()) if (!listed.has(name)) this.objects.delete(name);
    for (const object of listed.values()) this.put(object);
    this.deleted.clear();
    this.changed();
  }

  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void {
    if (type === 'DELETED') this.drop(object);
    else this.put(object);
    this.changed(object.metadata.name);
  }

  note(object: KubeObject): void {
    if ((this.deleted.get(object.metadata.name) ?? 0) < versionOf(object)) this.put(object);
  }

  private put(object: KubeObject): void {
    const known = this.objects.get(object.metadata.name);
    if (known === undefined || versionOf(known) <= versionOf(object))
      this.objects.set(object.metadata.name, object);
  }

  private drop(object: KubeObject): void {
    const known = this.objects.get(object.metadata.name);
    if (known !== undefined && versionOf(known) <= versionOf(object))
      this.objects.delete(object.metadata.name);
    this.deleted.set(object.metadata.name, versionOf(object));
    if (this.deleted.size > 5_000) this.deleted.clear();
  }
}

function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
