import { byteLength } from '../expr/utf8';
import type { Problem } from '../problem';
import type { FieldChange } from './diff-objects';

/** How one object differs: not there yet, there and different, or in the inventory and gone from the revision (it would be pruned). */
export interface ObjectDiff {
  /** `Deployment shop/web`. */
  readonly object: string;
  readonly change: 'missing' | 'changed' | 'extra';
  /** Of a changed object; empty where only the ownership of its fields would change. */
  readonly fields: readonly FieldChange[];
  /** Changed fields that are not listed here. */
  readonly moreFields?: number;
}

/** What differs between the cluster and a revision. */
export interface ApplicationDiff {
  /** The commit that was compared. */
  readonly revision: string;
  readonly objects: readonly ObjectDiff[];
  /** Objects that differ and are not listed here. */
  readonly moreObjects?: number;
  /** What could not be compared, and why. */
  readonly problems: readonly Problem[];
  /** Workloads that a rollout is moving now: they are not compared. */
  readonly rolling: readonly string[];
}

/** A payload of 64 KiB with room for what is around it. */
const mostBytes = 60 * 1024;
const mostBytesOfAnObject = 16 * 1024;

/** The differences in the order of kinds and names, as many as a payload holds; what is left out is counted. */
export function keepSmall(diff: ApplicationDiff): ApplicationDiff {
  const sorted = [...diff.objects].sort((a, b) => (a.object < b.object ? -1 : 1)).map(fewerFields);
  const problems = fitting(diff.problems, mostBytes / 4);
  const objects = fitting(sorted, mostBytes - sizeOf(problems));
  const more = sorted.length - objects.length;
  return { ...diff, problems, objects, ...(more === 0 ? {} : { moreObjects: more }) };
}

function fewerFields(object: ObjectDiff): ObjectDiff {
  const fields = fitting(object.fields, mostBytesOfAnObject);
  const more = object.fields.length - fields.length;
  return more === 0 ? object : { ...object, fields, moreFields: more };
}

function fitting<T>(items: readonly T[], bytes: number): readonly T[] {
  let left = bytes;
  const end = items.findIndex((item) => (left -= sizeOf(item)) < 0);
  return end < 0 ? items : items.slice(0, end);
}

function sizeOf(value: unknown): number {
  return byteLength(JSON.stringify(value)) + 1;
}
