import { fieldOf, isMap, valueAt } from '../../domain/read-json';
import { wrong } from './failure';
import type { Measured } from './provider';
import { parseJson } from './read-body';

/** Beyond it only the lowest and the highest groups are told; the value keeps them all. */
const maxGroups = 100;

/**
 * The newest point of the first series of `GET /api/v1/query`; null without points. A point that is empty has no data either; Argo
 * takes it for 0.
 */
export function measuredV1(text: string): Measured {
  const json = parseJson(text);
  const series = fieldOf(json, 'series');
  const error = fieldOf(json, 'error');
  if (fieldOf(json, 'status') === 'error')
    throw wrong(
      `the query failed${typeof error === 'string' && error !== '' ? `: ${error.slice(0, 1_000)}` : ''}`,
    );
  if (!Array.isArray(series)) throw wrong('the answer is none of Datadog: it has no series');
  if (series.length === 0) return { value: null };
  const points = fieldOf(series[0], 'pointlist') ?? [];
  if (!Array.isArray(points)) throw wrong('the answer is none of Datadog: its points are no list');
  if (points.length === 0) return { value: null };
  const point: unknown = points.at(-1);
  if (!Array.isArray(point) || point.length !== 2)
    throw wrong('the answer is none of Datadog: a point is no pair of time and value');
  return { value: point[1] === null ? null : numberOf(point[1]) };
}

/**
 * The numbers of the first number column of `POST /api/v2/query/scalar`, without empty ones: one number, or a list of them when the
 * query has `by {tag}`. Null without numbers.
 */
export function measuredV2(text: string): Measured {
  const json = parseJson(text);
  const errors = valueAt(json, 'data', 'errors') ?? fieldOf(json, 'errors');
  if (errors !== undefined && errors !== '') throw wrong(`the query failed: ${textOfErrors(errors)}`);
  const columns = valueAt(json, 'data', 'attributes', 'columns');
  if (!Array.isArray(columns)) throw wrong('the answer is none of Datadog: it has no columns');
  const groups = columns.filter((column) => fieldOf(column, 'type') === 'group');
  const number: unknown = columns.find((column) =>
    [undefined, '', 'number'].includes(fieldOf(column, 'type') as string),
  );
  const rows = valuesOf(number).flatMap((value, index) =>
    value === null
      ? []
      : [{ value: numberOf(value), name: groups.map((group) => tagAt(group, index)).join(',') }],
  );
  if (rows.length === 0) return { value: null };
  if (groups.length === 0) return { value: rows[0]?.value };
  return { value: rows.map(({ value }) => value), metadata: groupsMetadata(rows) };
}

/** What a refusal says: `{"errors": ["…"]}`. */
export function saidByDatadog(text: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const errors = fieldOf(json, 'errors') ?? fieldOf(json, 'error');
    return errors === undefined ? undefined : textOfErrors(errors);
  } catch {
    return undefined;
  }
}

function textOfErrors(errors: unknown): string {
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [errors];
  const texts = list.map((each) => (isMap(each) ? (each.detail ?? each.title) : each));
  return texts
    .filter((each) => typeof each === 'string')
    .join('; ')
    .slice(0, 1_000);
}

function valuesOf(column: unknown): readonly unknown[] {
  const values = fieldOf(column, 'values') ?? [];
  if (!Array.isArray(values)) throw wrong('the answer is none of Datadog: a column has no list of values');
  return values;
}

/** The tag of a row: a list, because a tag may have aliases. */
function tagAt(column: unknown, index: number): string {
  const tags = valuesOf(column)[index];
  if (!Array.isArray(tags) || tags.length === 0 || tags.some((tag) => typeof tag !== 'string'))
    throw wrong(`the answer is none of Datadog: row ${index} has no group`);
  return tags.join(',');
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  throw wrong('the answer is none of Datadog: a value is no number');
}

interface Row {
  readonly name: string;
  readonly value: number;
}

function groupsMetadata(rows: readonly Row[]): Readonly<Record<string, string>> {
  const told = rows.map(({ name, value }) => ({ name: name.slice(0, 200), value }));
  if (told.length <= maxGroups) return { groups: JSON.stringify(told) };
  const sorted = told.sort((a, b) => a.value - b.value);
  const ends = [...sorted.slice(0, maxGroups / 2), ...sorted.slice(-maxGroups / 2)];
  return { groups: JSON.stringify(ends), groups_truncated: 'true' };
}
