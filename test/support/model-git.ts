import type { RestoreRequest, RestoreResult } from '../../src/ports/git';
import { revisionOf } from './workflow-fakes';

/** What a revision of a model's repository holds: versions of its workloads, and whether its hook fails. */
export interface Content {
  readonly versions: Readonly<Record<string, string>>;
  readonly hook?: 'good' | 'bad';
}

export interface ModelCommit {
  readonly revision: string;
  readonly content: Content;
  /** `Belay-Run`, `Belay-Bad-Revision` and `Belay-Reason` of a commit that Belay has written. */
  readonly by?: { readonly run: string; readonly bad: string; readonly reason: string };
}

/** The branch of one model: a line of commits, written by people and by the fake of `restorePath`. */
export class ModelGit {
  readonly commits: ModelCommit[] = [];

  /** `told` is the observer: it hears of each new head. */
  constructor(private readonly told: (revision: string) => void) {}

  get head(): ModelCommit {
    const head = this.commits.at(-1);
    if (head === undefined) throw new Error('the model has no commit');
    return head;
  }

  at(revision: string): Content {
    const found = this.commits.find((each) => each.revision === revision);
    if (found === undefined) throw new Error(`the model has no revision ${revision}`);
    return found.content;
  }

  push(short: string, content: Content, by?: ModelCommit['by']): string {
    const revision = revisionOf(short);
    this.commits.push({ revision, content, ...(by === undefined ? {} : { by }) });
    this.told(revision);
    return revision;
  }

  /** In the order of `restorePath` of the Git adapter: the goal, our own trailer, what is bad still there, then a commit on the head. */
  restore(request: RestoreRequest): RestoreResult {
    const { goodRevision, badRevision, trailers } = request;
    const { head } = this;
    const good = this.at(goodRevision);
    const run = trailers['Belay-Run'] ?? '';
    const ours = this.commits.find((each) => each.by?.run === run);
    if (isSame(head.content, good))
      return ours === undefined
        ? { kind: 'already', revision: head.revision }
        : { kind: 'pushed', revision: ours.revision, alsoReverted: [] };
    if (!isSame(head.content, this.at(badRevision)) || ours !== undefined)
      return { kind: 'superseded', revision: head.revision };
    const by = { run, bad: badRevision, reason: trailers['Belay-Reason'] ?? '' };
    const revision = this.push(`r${this.commits.length}`, good, by);
    return { kind: 'pushed', revision, alsoReverted: [] };
  }

  /** Reverts that nobody asked for, by the revision that they take back. */
  reverts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { by } of this.commits)
      if (by !== undefined && by.reason !== 'Retry' && by.reason !== 'Undo')
        counts.set(by.bad, (counts.get(by.bad) ?? 0) + 1);
    return counts;
  }
}

function isSame(one: Content, other: Content): boolean {
  return keyOf(one) === keyOf(other);
}

/** Hash of all manifests, and tree id. */
export function keyOf(content: Content): string {
  return JSON.stringify(content);
}
