import type { Json } from '../kube-object';

/** The two values of a field, short enough to be shown and to travel. */
export interface Shortened {
  readonly live?: Json;
  readonly git?: Json;
  /** Where two texts of several lines begin to differ, 1-based; `live` and `git` are only the lines that differ then. */
  readonly line?: number;
}

const longestText = 1_000;
const longestValue = 2_000;

/** Both values; undefined ones are left out. Of texts of several lines what is equal before and after is left out. */
export function shorten(live: unknown, git: unknown): Shortened {
  if (typeof live === 'string' && typeof git === 'string' && (live.includes('\n') || git.includes('\n')))
    return lines(live.split('\n'), git.split('\n'));
  return {
    ...(live === undefined ? {} : { live: short(live) }),
    ...(git === undefined ? {} : { git: short(git) }),
  };
}

function lines(live: readonly string[], git: readonly string[]): Shortened {
  const most = Math.min(live.length, git.length);
  let before = 0;
  while (before < most && live[before] === git[before]) before += 1;
  let after = 0;
  while (after < most - before && live.at(-1 - after) === git.at(-1 - after)) after += 1;
  const part = (all: readonly string[]) => short(all.slice(before, all.length - after).join('\n'));
  return { live: part(live), git: part(git), line: before + 1 };
}

function short(value: unknown): Json {
  if (typeof value === 'string') {
    return value.length <= longestText
      ? value
      : `${value.slice(0, longestText)}… (${value.length - longestText} more characters)`;
  }
  const text = JSON.stringify(value);
  if (text === undefined || text.length <= longestValue) return (value ?? null) as Json;
  const what = Array.isArray(value)
    ? `list of ${value.length} items`
    : `map of ${Object.keys(value as object).length} fields`;
  return `<${what}, ${text.length} characters>`;
}
