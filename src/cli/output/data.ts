import { loadYaml } from '../lazy';

const timeKeys: ReadonlySet<string> = new Set([
  'at',
  'since',
  'startedAt',
  'endedAt',
  'finishedAt',
  'resumeAt',
  'unreachableSince',
  'problemsSince',
  'reverts',
  'until',
  'nextLook',
  'bakedAt',
]);

/** A status as JSON text, times in ISO 8601. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(withIsoTimes(value), undefined, 2)}\n`;
}

/** A status as YAML text, times in ISO 8601. */
export function toYaml(value: unknown): string {
  return loadYaml().stringify(withIsoTimes(value), { lineWidth: 0 });
}

function withIsoTimes(value: unknown, key = ''): unknown {
  if (typeof value === 'number') return timeKeys.has(key) ? new Date(value).toISOString() : value;
  if (Array.isArray(value)) return value.map((item) => withIsoTimes(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withIsoTimes(item, name)]));
}
