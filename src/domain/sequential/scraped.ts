import type { SequentialConfig } from './config';
import { parseExposition } from './exposition';
import { queriesOf, type MetricQuery } from './queries';
import { samplesBy, type Located, type PodSides } from './samples';
import { parseSelector } from './selector';
import type { TickSample } from './sample';

/** What pods themselves show, by name: the text of their `/metrics`. Pods that did not answer are absent: a lost scrape. */
export function sampleOfPods(
  config: SequentialConfig,
  texts: ReadonlyMap<string, string>,
  sides: PodSides,
): TickSample['metrics'] {
  const asked = queriesOf(config).flatMap((query) => {
    const selector = parseSelector(query.text);
    return selector === undefined ? [] : [{ query, selector }];
  });
  const names = new Set(asked.map(({ selector }) => selector.name));
  const found: Located[] = [];
  for (const [pod, text] of texts) {
    const samples = parseExposition(text, names);
    const side = sides.canary.has(pod) ? 'canary' : 'baseline';
    for (const { query, selector } of asked) {
      if (query.side !== 'both' && query.side !== side) continue;
      const own = samples.filter(({ name, labels }) => name === selector.name && selector.matches(labels));
      found.push(...summed(query, pod, own));
    }
  }
  return samplesBy(config, found, sides);
}

function summed(
  query: MetricQuery,
  pod: string,
  samples: ReturnType<typeof parseExposition>,
): readonly Located[] {
  const sums = new Map<string | undefined, number>();
  for (const { labels, value } of samples) {
    const le = query.part === 'histogram' ? (labels['le'] ?? '') : undefined;
    sums.set(le, (sums.get(le) ?? 0) + value);
  }
  const count = query.part === 'gauge' ? Math.max(1, samples.length) : 1;
  return [...sums].map(([le, sum]) => ({ query, pod, value: sum / count, le }));
}
