import type { Fields } from '../fields';
import { reportUnknown } from '../read-refusals';
import type { Scrape, SequentialConfig } from './config';
import { queriesOf } from './queries';
import { parseSelector } from './selector';

/** The label that names the pod of a series. */
export function readPodLabel(fields: Fields): string | undefined {
  const label = fields.string('podLabel');
  if (label === undefined || /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/.test(label)) return label;
  return fields.invalid('podLabel', 'is no name of a label', {
    value: label,
    remedy: 'write a name such as pod or kubernetes_pod_name',
  });
}

/** `scrape: {}` reads the pods themselves; what tells how to reach a metrics store makes no sense beside it. */
export function readScrape(fields: Fields, connection: readonly string[]): Scrape | undefined {
  const map = fields.map('scrape');
  if (map === undefined) return undefined;
  const useless = [...connection, 'podLabel'].find((key) => fields.raw(key) !== undefined);
  if (useless !== undefined) {
    const remedy = 'remove it, or remove scrape to ask Prometheus';
    fields.invalid(useless, 'is written together with scrape, which asks the pods themselves', { remedy });
  }
  const written = map.raw('port');
  const port = typeof written === 'number' ? String(written) : map.string('port');
  if (port !== undefined && !isPort(port)) {
    const remedy = 'write a number such as 8080, or the name of a port of the container';
    map.invalid('port', 'is no port', { value: written, remedy });
  }
  const path = map.string('path');
  if (path !== undefined && !isPagePath(path)) {
    map.invalid('path', 'is no path', { value: path, remedy: 'write one such as /metrics' });
  }
  const scheme = map.oneOf('scheme', ['http', 'https']);
  reportUnknown(map);
  return {
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
    ...(scheme !== undefined && { scheme }),
  };
}

/** A path that stays below the pod, whoever puts it together. */
export function isPagePath(path: string): boolean {
  return /^\/[\w./~-]{0,200}$/.test(path) && !path.includes('..');
}

function isPort(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) >= 1 && Number(text) <= 65_535;
  return /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(text);
}

/** Pods answer no PromQL: where they are read themselves, each query is the name of a metric with matchers of labels. */
export function refuseQueries(fields: Fields, config: SequentialConfig): void {
  for (const { text, metric, part } of queriesOf(config)) {
    if (text.includes('{{') || parseSelector(text) !== undefined) continue;
    fields.invalid('metrics', `${metric.name}: ${part} is no selector, and pods answer no queries`, {
      value: text,
      remedy: 'write a metric with matchers such as http_requests_total{code=~"5.."}',
    });
  }
}
