import { fieldOf } from '../../domain/read-json';
import { wrong } from './failure';
import { successful } from './http';
import { provider, type Measured, type Tools } from './provider';
import { parseJson } from './read-body';
import type { Spec } from './spec';
import { readUrl, under } from './url';

const timeoutMs = 10_000;

/** Argo's `graphite`: the points of the first target of `/render` that are not empty, oldest first. */
export const graphite = provider(read, ask);

/** The query is parameters, `target=…&from=-5min`, in which spaces and line breaks count for nothing. */
function read(spec: Spec, { secrets }: Tools): URL {
  const query = new URLSearchParams(spec.required('query').replace(/\s+/g, ''));
  if (!query.has('target')) throw wrong(`field ${spec.path}.query has no target, as in target=summarize(…)`);
  query.set('format', 'json');
  const url = under(readUrl(spec.required('address'), `field ${spec.path}.address`, secrets), '/render');
  url.search = query.toString();
  return url;
}

async function ask(url: URL, { connect }: Tools): Promise<Measured> {
  const answer = await connect({ timeoutMs, isInsecure: false }).send({ method: 'GET', url });
  const json = parseJson(successful(answer, () => undefined).text);
  if (!Array.isArray(json)) throw wrong('the answer is none of Graphite: it is no list of targets');
  if (json.length === 0) return { value: [] };
  const points = fieldOf(json[0], 'datapoints');
  if (!Array.isArray(points)) throw wrong('the answer is none of Graphite: a target has no datapoints');
  return { value: points.flatMap(valueOf) };
}

/** A value and a time: `[0.5, 1435781451]`; some servers write the value as text. */
function valueOf(point: unknown): readonly number[] {
  if (!Array.isArray(point) || point.length !== 2)
    throw wrong('the answer is none of Graphite: a datapoint is no pair of value and time');
  const value: unknown = point[0];
  if (value === null) return [];
  const number = typeof value === 'string' ? numberOf(value) : value;
  if (typeof number !== 'number') throw wrong('the answer is none of Graphite: a value is no number');
  return [number];
}

function numberOf(text: string): number | undefined {
  if (text.toLowerCase() === 'nan') return Number.NaN;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}
