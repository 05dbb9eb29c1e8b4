import { wrong } from './failure';
import { numberIn } from './number-text';

type Row = readonly string[];

/** The header of a table in annotated CSV, by column. */
interface Header {
  readonly types: Row;
  readonly defaults: Row;
  readonly names: Row;
}

/**
 * Every `_value` in Flux' annotated CSV (https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/), table after table.
 * An empty line ends a table; an error found late comes as a table with the columns `error` and `reference`.
 */
export function fluxValues(text: string): readonly unknown[] {
  const values: unknown[] = [];
  let header: Header | undefined;
  let annotations = new Map<string, Row>();
  for (const row of rowsOf(text)) {
    const first = row[0] ?? '';
    if (row.length === 1 && first === '') {
      header = undefined;
      annotations = new Map();
    } else if (first.startsWith('#')) {
      if (header !== undefined) annotations = new Map();
      header = undefined;
      annotations.set(first, row);
    } else if (header === undefined) {
      header = headerOf(row, annotations);
    } else {
      values.push(valueOf(row, header));
    }
  }
  return values;
}

function headerOf(names: Row, annotations: ReadonlyMap<string, Row>): Header {
  const types = annotations.get('#datatype');
  if (types === undefined || types.length !== names.length)
    throw wrong('the answer is no annotated CSV of Flux');
  return { types, names, defaults: annotations.get('#default') ?? [] };
}

function valueOf(row: Row, { types, names, defaults }: Header): unknown {
  if (row.length !== names.length)
    throw wrong('the answer is no annotated CSV of Flux: a line has a wrong length');
  const error = names.indexOf('error');
  if (error > 0 && names.includes('reference'))
    throw wrong(`the query failed: ${(row[error] ?? '').slice(0, 1_000)}`);
  const column = names.indexOf('_value');
  if (column < 0) throw wrong('the answer has no column _value');
  const text = row[column] || defaults[column] || '';
  return converted(text, types[column] ?? '');
}

function converted(text: string, type: string): unknown {
  switch (type) {
    case 'double':
    case 'long':
    case 'unsignedLong':
      return text === '' ? null : numberOf(text);
    case 'boolean':
      return text === '' ? null : text === 'true';
    default:
      return text === '' && type !== 'string' ? null : text;
  }
}

function numberOf(text: string): number {
  return numberIn(text, 'the answer is no annotated CSV of Flux: a value is no number');
}

/** RFC 4180: cells in quotes may hold commas, line breaks and doubled quotes. */
function* rowsOf(text: string): Generator<Row> {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) throw wrong('the answer is no annotated CSV of Flux');
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') {
      if (cell.lastIndex === text.length) row.push('');
      else continue;
    }
    yield row;
    row = [];
  }
}
