import { problemAt, type FieldPath, type Finding, type Located } from './located';
import type { Problem } from './problem';
import { isMap, kindOf, quoting, textOf, type JsonMap } from './read-json';
import { didYouMean } from './read-suggestion';

/** What a problem says besides the field and what is wrong with it. */
export type Advice = Pick<Finding, 'value' | 'remedy'>;

/** The object that is read, and where its problems go. */
export interface Source {
  readonly located: Located;
  readonly problems: Problem[];
}

/**
 * One map of an object while it is read. Every reader returns undefined for a field that is absent (`null` counts as
 * absent, as in Kubernetes) or wrong, and reports what is wrong. `unread` names the fields that nobody asked for.
 */
export class Fields {
  readonly #known = new Set<string>();

  constructor(
    readonly source: Source,
    readonly path: FieldPath,
    readonly values: JsonMap,
  ) {}

  /** The value as it is written; undefined when absent or null. */
  raw(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.values, key) ? (this.values[key] ?? undefined) : undefined;
  }

  string(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'string') return value;
    const remedy = typeof value === 'object' ? 'write a text' : quoting(value);
    return this.invalid(key, `must be a text, not ${kindOf(value)}`, { value, remedy });
  }

  int(key: string, { min = 0, max = 2147483647 } = {}): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      const remedy = 'write a whole number without quotes';
      return this.invalid(key, `must be a whole number, not ${kindOf(value)}`, { value, remedy });
    }
    if (value >= min && value <= max) return value;
    const limit = value < min ? min : max;
    const [side, remedy] = value < min ? ['below', `use ${min} or more`] : ['above', `use ${max} or less`];
    return this.invalid(key, `${value} is ${side} ${limit}`, { value, remedy });
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'boolean') return value;
    const message = `must be true or false, not ${kindOf(value)}`;
    return this.invalid(key, message, { value, remedy: 'write true or false without quotes' });
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.string(key);
    const found = allowed.find((each) => each === value);
    if (value === undefined || found !== undefined) return found;
    const remedy = didYouMean(value, allowed, `use one of: ${allowed.join(', ')}`);
    return this.invalid(key, `"${textOf(value)}" is none of ${allowed.join(', ')}`, { value, remedy });
  }

  /** The readers of a nested map. */
  map(key: string): Fields | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (isMap(value)) return new Fields(this.source, [...this.path, key], value);
    const remedy = 'write its fields below it';
    return this.invalid(key, `must be a map of fields, not ${kindOf(value)}`, { value, remedy });
  }

  /** A list as it is written; empty when absent. */
  list(key: string): readonly unknown[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.invalid(key, `must be a list, not ${kindOf(value)}`, { value, remedy: 'write its items below it' });
    return [];
  }

  /** The readers of a list of maps; an item that is no map is reported and left out. */
  maps(key: string): readonly Fields[] {
    return this.list(key).flatMap((item, index) => {
      const path = [...this.path, key, index];
      if (isMap(item)) return [new Fields(this.source, path, item)];
      const message = `must be a map of fields, not ${kindOf(item)}`;
      this.report({ code: 'InvalidSpec', path, message, value: item, remedy: 'write its fields below it' });
      return [];
    });
  }

  /** A map of texts, such as labels; entries that are no text are reported and left out. */
  strings(key: string): Readonly<Record<string, string>> {
    const map = this.map(key);
    const read = Object.keys(map?.values ?? {}).map((name) => [name, map?.string(name)] as const);
    return Object.fromEntries(read.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  }

  /** The keys that are written and were not asked for, and those that were. */
  unread(): { readonly unread: readonly string[]; readonly known: ReadonlySet<string> } {
    return { unread: Object.keys(this.values).filter((key) => !this.#known.has(key)), known: this.#known };
  }

  /** Reports a wrong field. */
  invalid(key: string, message: string, advice: Advice = {}): undefined {
    this.report({ code: 'InvalidSpec', path: [...this.path, key], message, ...advice });
  }

  report(finding: Finding): void {
    this.source.problems.push(problemAt(this.source.located, finding));
  }
}
