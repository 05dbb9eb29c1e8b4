import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import { requireField } from '../read-with';
import { readNumber } from '../sequential/read-share';
import type { JudgedSource, PlannedMetric, VersionQueries } from './plan';
import type { EffectSize } from './types';

const usualGroup = 'metrics';

/**
 * Reads one metric of a judge: `query` for values, `total` and `bad` for counts, and Kayenta's options of `analysisConfigurations.canary`.
 * More counts against the canary unless `direction` says otherwise; for Kayenta either side does.
 */
export function readPlannedMetric(fields: Fields, isKayenta: boolean): PlannedMetric | undefined {
  const name = requireField(fields, 'name', 'name the metric') ? fields.string('name') : undefined;
  const source = readSource(fields);
  const groups = readGroups(fields);
  const usualDirection = isKayenta ? 'either' : 'increase';
  const direction = fields.oneOf('direction', ['increase', 'decrease', 'either']) ?? usualDirection;
  const nanStrategy = fields.oneOf('nanStrategy', ['remove', 'replace']);
  const outliers = readOutliers(fields.map('outliers'));
  const effectSize = readEffectSize(fields.map('effectSize'));
  const flags = (['critical', 'mustHaveData', 'muted'] as const).filter(
    (key) => fields.boolean(key) === true,
  );
  reportUnknown(fields);
  if (name === undefined || source === undefined) return undefined;
  return {
    ...{ name, source, groups, direction },
    ...(nanStrategy !== undefined && { nanStrategy }),
    ...(outliers !== undefined && { outliers }),
    ...(effectSize !== undefined && { effectSize }),
    ...Object.fromEntries(flags.map((key) => [key, true])),
  };
}

function readSource(fields: Fields): JudgedSource | undefined {
  const hasCounts = fields.raw('total') !== undefined || fields.raw('bad') !== undefined;
  if (fields.raw('query') !== undefined) {
    if (hasCounts) {
      const remedy = 'write either a query of values, or total and bad';
      return fields.invalid('query', 'is written together with total and bad', { remedy });
    }
    const query = readQueries(fields, 'query');
    return query && { kind: 'values', query };
  }
  if (!hasCounts) {
    const remedy = 'write a query of values, or total and bad for counters of requests';
    return fields.invalid('query', 'is missing', { remedy });
  }
  const [total, bad] = (['total', 'bad'] as const).map((key) =>
    requireField(fields, key, 'write the query of a counter') ? readQueries(fields, key) : undefined,
  );
  return total && bad && { kind: 'counts', total, bad };
}

function readQueries(fields: Fields, key: string): VersionQueries | undefined {
  const written = fields.raw(key);
  if (typeof written === 'string' && written.trim() !== '') return { canary: written, baseline: written };
  const map = fields.map(key);
  if (map === undefined) return undefined;
  const [canary, baseline] = (['canary', 'baseline'] as const).map((side) =>
    requireField(map, side, `write the query of the ${side}`) ? map.string(side) : undefined,
  );
  reportUnknown(map);
  return canary === undefined || baseline === undefined ? undefined : { canary, baseline };
}

function readGroups(fields: Fields): readonly string[] {
  const groups = fields.list('groups');
  const texts = groups.filter((each): each is string => typeof each === 'string' && each !== '');
  if (texts.length < groups.length) {
    const remedy = 'write a list such as [errors]';
    fields.invalid('groups', 'holds what is no name', { value: groups, remedy });
  }
  return texts.length === 0 ? [usualGroup] : [...new Set(texts)];
}

function readOutliers(fields: Fields | undefined): PlannedMetric['outliers'] {
  if (fields === undefined) return undefined;
  const strategy = fields.oneOf('strategy', ['keep', 'remove']);
  const outlierFactor = readNumber(fields, 'outlierFactor', { above: true, max: 1e6 });
  reportUnknown(fields);
  return {
    ...(strategy !== undefined && { strategy }),
    ...(outlierFactor !== undefined && { outlierFactor }),
  };
}

function readEffectSize(fields: Fields | undefined): EffectSize | undefined {
  if (fields === undefined) return undefined;
  const measure = fields.oneOf('measure', ['meanRatio', 'cles']);
  const most = measure === 'cles' ? 1 : 1e9;
  const keys = ['allowedIncrease', 'allowedDecrease', 'criticalIncrease', 'criticalDecrease'] as const;
  const numbers = keys.flatMap((key) => {
    const number = readNumber(fields, key, { max: most });
    return number === undefined ? [] : [[key, number] as const];
  });
  reportUnknown(fields);
  return { ...(measure !== undefined && { measure }), ...Object.fromEntries(numbers) };
}
