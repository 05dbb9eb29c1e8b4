import { readDuration } from '../duration';
import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { requireField, readWith } from '../read-with';
import type { Queries, SequentialMetric, Tolerance } from './config';
import { readNumber, readShare } from './read-share';

const kinds = ['total', 'histogram', 'gauge'] as const;
const usual = { weight: 1, blockMs: 120_000 };

/** Reads one metric: `total` and `bad`, a `histogram`, or a `gauge`. Unknown fields are left to the caller. */
export function readSequentialMetric(fields: Fields, name: string): SequentialMetric | undefined {
  const written = kinds.filter((kind) => fields.raw(kind) !== undefined);
  const [kind] = written;
  if (kind === undefined || written.length > 1) {
    const remedy = 'write total and bad, or histogram, or gauge';
    const message =
      kind === undefined ? 'is missing' : `is written together with ${written.slice(1).join(' and ')}`;
    return fields.invalid(kind ?? 'total', message, { remedy });
  }
  const tolerate = readTolerance(fields, kind);
  const weight = readNumber(fields, 'weight', { above: true, max: 1e6 }) ?? usual.weight;
  if (tolerate === undefined) return undefined;
  const base = { name, tolerate, weight };
  const needsBaseline = tolerate.ratio > 0;
  if (kind === 'histogram') {
    const histogram = readQueries(fields, kind, needsBaseline);
    const bounds = readBounds(fields);
    return histogram && { ...base, kind, histogram, ...(bounds !== undefined && { bounds }) };
  }
  if (kind === 'gauge') {
    const gauge = readQueries(fields, kind, needsBaseline);
    const blockMs = readWith(fields, 'block', readDuration) ?? usual.blockMs;
    const worse = fields.oneOf('worse', ['higher', 'lower']) ?? 'higher';
    const then = fields.oneOf('then', ['inform', 'pause']) ?? 'pause';
    return gauge && { ...base, kind, gauge, blockMs, worse, then };
  }
  const total = readQueries(fields, kind, needsBaseline);
  const isWritten = requireField(fields, 'bad', 'write the queries of bad requests');
  const bad = isWritten ? readQueries(fields, 'bad', needsBaseline) : undefined;
  return total && bad && { ...base, kind: 'counter', total, bad };
}

function readTolerance(fields: Fields, kind: (typeof kinds)[number]): Tolerance | undefined {
  const map = fields.map('tolerate');
  const isGauge = kind === 'gauge';
  if (map === undefined && fields.raw('tolerate') !== undefined) return undefined;
  const usualRatio = { total: 1.5, histogram: 1.25, gauge: 1 }[kind];
  const usualAbsolute = { total: 0.001, histogram: 0.005, gauge: 0 }[kind];
  if (map === undefined) return { ratio: usualRatio, absolute: usualAbsolute };
  const ratio = readNumber(map, 'ratio', { max: 1000 }) ?? usualRatio;
  const read = isGauge
    ? readNumber(map, 'absolute', { min: -1e15, max: 1e15 })
    : readShare(map, 'absolute', { max: 1 });
  const absolute = read ?? usualAbsolute;
  if (ratio === 0 && absolute === 0 && !isGauge) {
    map.invalid('absolute', 'is 0 without a ratio: any bad request would be a regression', {
      remedy: 'write the share that is tolerated, such as 0.1%',
    });
  }
  reportUnknown(map);
  return { ratio, absolute };
}

function readQueries(fields: Fields, key: string, needsBaseline: boolean): Queries | undefined {
  const written = fields.raw(key);
  if (typeof written === 'string' && written.trim() !== '') return { canary: written, baseline: written };
  const map = fields.map(key);
  if (map === undefined) return undefined;
  const canary = requireField(map, 'canary', 'write the query of the new version')
    ? map.string('canary')
    : undefined;
  const remedy = 'write the query of the stable version, or tolerate.ratio: 0 for a limit of its own';
  const isWritten = needsBaseline ? requireField(map, 'baseline', remedy) : true;
  const baseline = map.string('baseline');
  reportUnknown(map);
  if (canary === undefined || !isWritten) return undefined;
  return { canary, ...(baseline !== undefined && { baseline }) };
}

function readBounds(fields: Fields): readonly number[] | undefined {
  if (fields.raw('bounds') === undefined) return undefined;
  const list = fields
    .list('bounds')
    .map((each) => (typeof each === 'string' && each !== '' ? Number(each) : each));
  const bounds = list.filter((each): each is number => typeof each === 'number' && Number.isFinite(each));
  const unique = [...new Set(bounds)].sort((a, b) => a - b);
  if (unique.length > 0 && unique.length === list.length && unique.length <= 16) return unique;
  return fields.invalid('bounds', 'must be a list of up to 16 different numbers', {
    value: fields.raw('bounds'),
    remedy: 'write bounds of buckets that exist, such as [0.25, 0.5]',
  });
}
