import { compilePattern, matchPattern } from '../expr/regex';
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
    const matched = names?.filter(test) ?? [];
    if (names !== undefined && matched.length === 0) {
      const remedy = `the metrics are: ${names.join(', ').slice(0, 200)}`;
      complaints.push({ message: `${rule} matches no metric`, remedy });
    }
    return new Set(matched);
  });
  return { matches, complaints };
}

/** A test of names; undefined for what is no expression. Its time is linear in the name, as in Go. */
function compile(pattern: string): ((name: string) => boolean) | undefined {
  if (pattern === '' || pattern.length > longestPattern) return undefined;
  try {
    const compiled = compilePattern(pattern);
    return (name) => matchPattern(compiled, name, () => undefined);
  } catch {
    return undefined;
  }
}
