import type { SequentialConfig } from './config';
import { queriesOf, type MetricQuery } from './queries';
import { samplesBy, type Located, type PodSides } from './samples';
import type { TickSample } from './sample';

/** One series of an instant query's answer. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The label by which the parts of the one query are told apart. */
const mark = 'belay_series';

/** The label of a series that names its pod. */
export function podLabelOf({ podLabel = 'pod' }: SequentialConfig): string {
  return podLabel;
}

/**
 * One PromQL expression for everything that a look asks, so that all of it is read at the same moment: raw counters summed by pod
 * (never `increase`, which loses the first increment of a new series and extrapolates), and when they were scraped.
 */
export function promQl(config: SequentialConfig): string {
  return queriesOf(config)
    .flatMap((query, index) => [
      marked(valuesOf(query, config), String(index)),
      timesOf(query, config, index),
    ])
    .filter((part) => part !== undefined)
    .join(' or ');
}

/** The same for each query alone, to find the one that is wrong. */
export function promQlByQuery(
  config: SequentialConfig,
): readonly { readonly what: string; readonly query: string }[] {
  return queriesOf(config).map((query) => {
    const side = query.side === 'both' ? '' : `.${query.side}`;
    return { what: `${query.metric.name}: ${query.part}${side}`, query: valuesOf(query, config) };
  });
}

function valuesOf({ part, text }: MetricQuery, config: SequentialConfig): string {
  const label = podLabelOf(config);
  const by = part === 'histogram' ? `${label}, le` : label;
  // The end of the line ends a comment of the query's.
  return `${part === 'gauge' ? 'avg' : 'sum'} by (${by}) (${text}\n)`;
}

/** An error series may have ended long ago: only those that are always there tell the time. */
function timesOf({ part, text }: MetricQuery, config: SequentialConfig, index: number): string | undefined {
  if (part === 'bad') return undefined;
  return marked(`max by (${podLabelOf(config)}) (timestamp(${text}\n))`, `${index}t`);
}

function marked(expression: string, name: string): string {
  return `label_replace(${expression}, "${mark}", "${name}", "", "")`;
}

/** What an answer to `promQl` says: the readings by pod, and the newest scrape among them. */
export function sampleOfSeries(
  config: SequentialConfig,
  series: readonly Series[],
  sides: PodSides,
): Pick<TickSample, 'metrics'> & { readonly at?: number } {
  const queries = queriesOf(config);
  const found: Located[] = [];
  let at: number | undefined;
  for (const { labels, value } of series) {
    const name = labels[mark] ?? '';
    const pod = labels[podLabelOf(config)] ?? '';
    const query = queries[Number.parseInt(name, 10)];
    if (query === undefined || pod === '') continue;
    if (!name.endsWith('t')) found.push({ query, pod, value, le: labels['le'] });
    else if (Number.isFinite(value)) at = Math.max(at ?? 0, Math.round(value * 1000));
  }
  return { metrics: samplesBy(config, found, sides), ...(at !== undefined && { at }) };
}
