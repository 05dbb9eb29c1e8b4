import { setTimeout as sleep } from 'node:timers/promises';
import { normaliseRepoUrl } from '../domain/repo-url';
import type { Heard } from '../domain/webhooks/concerns';

/** Hands a hint over, durably. False: no application tracks the repository. Throws when nobody can be told now. */
export type Look = (repoUrl: string, heard: Heard) => Promise<boolean>;

interface Waiting {
  heard: Heard;
  readonly told: Promise<boolean>;
}

/** More refs at once than anybody follows (a mirror, an import): then anything may have changed. */
const mostRefs = 50;
const forgetAbove = 1_000;

/**
 * At most one hint for each repository every `everyMs`: the first goes at once, those that follow become one. Whoever hints waits
 * until theirs is handed over, so that nothing that was accepted is lost with this process.
 */
export function debouncedLooks(look: Look, everyMs: number): Look {
  const next = new Map<string, number>();
  const waiting = new Map<string, Waiting>();

  function send(key: string, url: string, heard: Heard): Promise<boolean> {
    const now = performance.now();
    if (next.size > forgetAbove) for (const [each, at] of next) if (at <= now) next.delete(each);
    next.set(key, now + everyMs);
    return look(url, heard);
  }

  return (url, told) => {
    const key = normaliseRepoUrl(url);
    const heard = limited(told);
    const before = waiting.get(key);
    if (before !== undefined) {
      before.heard = merged(before.heard, heard);
      return before.told;
    }
    const rest = (next.get(key) ?? 0) - performance.now();
    if (rest <= 0) return send(key, url, heard);
    const entry: Waiting = {
      heard,
      told: sleep(rest).then(() => {
        waiting.delete(key);
        return send(key, url, entry.heard);
      }),
    };
    waiting.set(key, entry);
    return entry.told;
  };
}

function limited({ refs, ...more }: Heard): Heard {
  return { refs: refs.length > mostRefs ? [] : [...new Set(refs)], ...more };
}

/** No refs mean any ref, and stay so. */
function merged(a: Heard, b: Heard): Heard {
  const refs = a.refs.length === 0 || b.refs.length === 0 ? [] : [...a.refs, ...b.refs];
  const isSameHead = a.defaultBranch !== undefined && a.defaultBranch === b.defaultBranch;
  return limited({ refs, ...(isSameHead && { defaultBranch: a.defaultBranch }) });
}
