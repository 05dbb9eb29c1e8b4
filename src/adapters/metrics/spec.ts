import { readDuration } from '../../domain/duration';
import { isMap, type JsonMap } from '../../domain/read-json';
import { suggestionFor } from '../../domain/read-suggestion';
import type { Millis } from '../../domain/strategy';
import { wrong } from './failure';

/**
 * The fields of one map of a provider. What is wrong is thrown as a Failure that names the field but never its value, which may
 * come from a Secret. An empty text counts as absent, as in Argo's Go types.
 */
export class Spec {
  readonly #known = new Set<string>();
  readonly #inner: Spec[] = [];

  constructor(
    readonly values: JsonMap,
    /** Such as `prometheus.authentication`. */
    readonly path: string,
  ) {}

  raw(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.values, key) ? (this.values[key] ?? undefined) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw wrong(`field ${this.path}.${key} must be a text`);
  }

  required(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw wrong(`field ${this.path}.${key} is missing`);
    return value;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.text(key);
    const found = allowed.find((each) => each === value);
    if (value !== undefined && found === undefined)
      throw wrong(`field ${this.path}.${key} must be one of ${allowed.join(', ')}`);
    return found;
  }

  /** A whole number; text made of digits counts, because an argument is text. */
  whole(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined || value === '') return undefined;
    const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    throw wrong(`field ${this.path}.${key} must be a whole number`);
  }

  flag(key: string): boolean {
    const value = this.raw(key);
    if (value === undefined || value === '') return false;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw wrong(`field ${this.path}.${key} must be true or false`);
  }

  duration(key: string, missing: Millis): Millis {
    const value = this.raw(key);
    if (value === undefined || value === '') return missing;
    const read = readDuration(value, key);
    if (read.ok && read.value > 0) return read.value;
    throw wrong(`field ${this.path}.${key} must be a duration above 0 such as 30s, 5m or 1h30m`);
  }

  map(key: string): Spec | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : this.#enter(value, `${this.path}.${key}`);
  }

  maps(key: string): readonly Spec[] {
    return this.#list(key).map((item, index) => this.#enter(item, `${this.path}.${key}[${index}]`));
  }

  texts(key: string): readonly string[] {
    return this.#list(key).map((item, index) => {
      if (typeof item === 'string') return item;
      throw wrong(`field ${this.path}.${key}[${index}] must be a text`);
    });
  }

  /** A map of texts by names of the user's. */
  dictionary(key: string): readonly (readonly [string, string])[] {
    const map = this.map(key);
    return Object.keys(map?.values ?? {}).map((name) => [name, map?.required(name) ?? ''] as const);
  }

  /** Refuses what nobody asked for, here and below: a field with a typing error would silently have no effect. */
  refuseUnknown(): void {
    for (const inner of this.#inner) inner.refuseUnknown();
    const unknown = Object.keys(this.values).find((key) => !this.#known.has(key));
    if (unknown === undefined) return;
    const near = suggestionFor(unknown, [...this.#known]);
    const remedy = near === undefined ? `it has ${[...this.#known].join(', ')}` : `did you mean ${near}?`;
    throw wrong(`${this.path} has no field ${unknown.slice(0, 80)}; ${remedy}`);
  }

  #list(key: string): readonly unknown[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    throw wrong(`field ${this.path}.${key} must be a list`);
  }

  #enter(value: unknown, path: string): Spec {
    if (!isMap(value)) throw wrong(`field ${path} must be a map of fields`);
    const inner = new Spec(value, path);
    this.#inner.push(inner);
    return inner;
  }
}
