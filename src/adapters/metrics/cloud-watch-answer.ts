import { fieldOf, isMap } from '../../domain/read-json';
import { unreachable, wrong } from './failure';
import type { HttpAnswer } from './http';
import type { Measured } from './provider';
import { parseJson } from './read-body';

/**
 * The results of GetMetricData with the names that Argo's conditions use: `result[0].Values`, and `Id`, `Label`, `StatusCode`,
 * `Timestamps`, `Messages`. Timestamps are text (RFC 3339). Messages about the whole answer become metadata.
 */
export function measuredByCloudWatch(text: string): Measured {
  const json = parseJson(text);
  const results = fieldOf(json, 'MetricDataResults');
  if (!Array.isArray(results)) throw wrong('the answer is none of CloudWatch: it has no MetricDataResults');
  const value = results.map(resultOf);
  const messages = listOf(fieldOf(json, 'Messages'));
  if (messages.length === 0) return { value };
  return { value, metadata: { messages: JSON.stringify(messages).slice(0, 1_000) } };
}

/** What a refusal says: its type, without the namespace before `#`, and its message. */
export function saidByCloudWatch(text: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    const type = fieldOf(json, '__type');
    const message = fieldOf(json, 'message') ?? fieldOf(json, 'Message');
    const parts = [typeof type === 'string' ? type.replace(/^.*#/, '') : undefined, message];
    return parts.filter((each) => typeof each === 'string').join(': ');
  } catch {
    return undefined;
  }
}

function resultOf(result: unknown): unknown {
  if (!isMap(result)) throw wrong('the answer is none of CloudWatch: a result is no map');
  return {
    Id: result.Id ?? null,
    Label: result.Label ?? null,
    StatusCode: result.StatusCode ?? '',
    Messages: listOf(result.Messages),
    Timestamps: listOf(result.Timestamps).map(timeOf),
    Values: listOf(result.Values).map(numberOf),
  };
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw wrong('the answer is none of CloudWatch: a list is missing');
}

/** Epoch seconds in AWS JSON. */
function timeOf(value: unknown): unknown {
  return typeof value === 'number' && Math.abs(value) < 8.64e12
    ? new Date(value * 1_000).toISOString()
    : value;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  throw wrong('the answer is none of CloudWatch: a value is no number');
}

/** AWS throttles with 400, which says nothing of the question. */
export function refuseThrottled({ status, text }: HttpAnswer): void {
  const said = saidByCloudWatch(text) ?? '';
  if (status === 400 && /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded)/.test(said))
    throw unreachable(`answered ${status}: ${said}`);
}
