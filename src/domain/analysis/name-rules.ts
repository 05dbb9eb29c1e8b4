import type { Complaint } from './complaint';

/** Rules over names of metrics: `dryRun` or `measurementRetention`. */
export interface NameRules {
  readonly field: 'dryRun' | 'measurementRetention';
  /** Regular expressions; they match anywhere in a name, as Go's MatchString. */
  readonly patterns: readonly string[];
}

const longestPattern = 200;

/**
 * For each pattern the names that it matches. A pattern that is no regular expression, that is there twice or that matches none of the
 * names is a complaint, as in Argo; `names` undefined: not known yet.
 */
export function matchNames(
  { field, patterns }: NameRules,
  names: readonly string[] | undefined,
): { readonly matches: readonly ReadonlySet<string>[]; readonly complaints: readonly Complaint[] } {
  const complaints: Complaint[] = [];
  const matches = patterns.map((pattern, index) => {
    const rule = `${field} "${pattern.slice(0, 80)}"`;
    if (patterns.indexOf(pattern) !== index) {
      complaints.push({ message: `${rule} is there twice`, remedy: 'remove one of the two' });
      return new Set<string>();
    }
    const test = compile(pattern);
    if (test === undefined) {
      const message = `${rule} is no regular expression over names of metrics`;
      complaints.push({ message, remedy: 'write a name, or `.*` for all metrics' });
      return new Set<string>();
    }
    const matched = names?.filter((name) => test.test(name)) ?? [];
    if (names !== undefined && matched.length === 0) {
      const remedy = `the metrics are: ${names.join(', ').slice(0, 200)}`;
      complaints.push({ message: `${rule} matches no metric`, remedy });
    }
    return new Set(matched);
  });
  return { matches, complaints };
}

/** Undefined for what is no expression, and for what might take for ever: a repeated group that repeats something itself. */
function compile(pattern: string): RegExp | undefined {
  if (pattern === '' || pattern.length > longestPattern) return undefined;
  if (/\([^)]*[*+{][^)]*\)[*+{]/.test(pattern)) return undefined;
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  try {
    return new RegExp(pattern.slice(flags?.[0].length ?? 0), [...new Set(flags?.[1])].join(''));
  } catch {
    return undefined;
  }
}
