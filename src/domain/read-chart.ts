import type { SourceSpec } from './application-spec';
import type { Fields } from './fields';
import { textOf } from './read-json';
import { readText } from './read-texts';
import { requireField } from './read-with';
import { parseRange } from './version-range';

const forms = 'https://… with an index.yaml, or oci://registry/path';
const chartName = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/;
const host = String.raw`[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?`;
/** Argo CD writes registries without a scheme. A host has a dot or a port, or it would be the path of something else. */
const bareRegistry = /^(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w-]+:\d+)(?:\/[\w.-]+)*\/?$/;
const repository = new RegExp(`^(?:https?|oci)://${host}(?:/[^\\s?#@]*)?$`);

/** What a source says that takes a chart of a chart repository. */
export type ChartSource = Pick<SourceSpec, 'repoUrl' | 'targetRevision'> & { readonly chart: string };

/** Reads `chart`, `repoURL` and `targetRevision` of a source that has a `chart`; without a version the newest is meant. */
export function readChart(source: Fields): ChartSource | undefined {
  const chart = source.string('chart');
  const repoUrl = readRepository(source);
  const targetRevision = readVersion(source);
  checkNoPath(source);
  if (chart !== undefined && !chartName.test(chart)) {
    const advice = { value: chart, remedy: 'write its name in the repository, such as nginx' };
    source.invalid('chart', `"${textOf(chart)}" is no name of a chart`, advice);
  }
  return chart === undefined || repoUrl === undefined ? undefined : { repoUrl, chart, targetRevision };
}

function readRepository(source: Fields): string | undefined {
  if (!requireField(source, 'repoURL', `write ${forms}`)) return undefined;
  const written = source.string('repoURL')?.trim();
  if (written === undefined) return undefined;
  // What may hold a password is never repeated.
  if (/[@?#]/.test(written)) {
    const remedy = 'take it out of Git, change it, and give the worker the credentials instead';
    return source.invalid('repoURL', 'the URL of a chart repository has credentials or a query in it', {
      remedy,
    });
  }
  const url = bareRegistry.test(written) ? `oci://${written}` : written;
  if (repository.test(url)) return url.replace(/\/+$/, '');
  const message = `${textOf(written)} is no chart repository`;
  return source.invalid('repoURL', message, { value: written, remedy: `write ${forms}` });
}

function readVersion(source: Fields): string {
  const version = readText(source, 'targetRevision') ?? '*';
  if (parseRange(version) !== undefined) return version;
  const message = `"${textOf(version)}" is neither a version of a chart nor a range of versions`;
  const remedy = 'write one such as 1.2.3, 1.* or ^1.2; without targetRevision the newest is taken';
  source.invalid('targetRevision', message, { value: version, remedy });
  return version;
}

function checkNoPath(source: Fields): void {
  const path = readText(source, 'path');
  if (path === undefined || path === '.') return;
  const remedy = 'remove path, or remove chart and name a Git repository';
  source.invalid('path', 'a chart of a chart repository has no path', { value: path, remedy });
}
