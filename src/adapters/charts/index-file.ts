import { LineCounter, parseDocument } from 'yaml';
import { fieldOf, isMap } from '../../domain/read-json';
import { parseVersion } from '../../domain/version';
import { chartError, shownUrl } from './errors';
import { linesOfChart, type IndexPart } from './index-lines';
import type { ChartLimits } from './limits';

/** One version of a chart as an index lists it. */
export interface IndexEntry {
  readonly version: string;
  /** As it is written; empty when absent. */
  readonly digest: string;
  /** Absolute, or relative to the repository. */
  readonly urls: readonly string[];
}

/**
 * Reads what an `index.yaml` says of one chart. As in Helm an entry whose version is none is left out. Throws `PathNotFound` for a
 * chart that it does not list, `Invalid` with the line for what is no index, `Limit`.
 */
export function readIndex(
  text: string,
  { chart, url, limits }: { readonly chart: string; readonly url: URL; readonly limits: ChartLimits },
): readonly IndexEntry[] {
  const versions = versionsOf(text, chart, { url, limits });
  if (!Array.isArray(versions)) {
    const message = `chart ${chart} is not listed in ${shownUrl(url)}; correct chart or repoURL`;
    throw chartError('PathNotFound', message, url, { facts: { chart } });
  }
  return versions.flatMap((each: unknown) => {
    const version = textAt(each, 'version');
    const urls = fieldOf(each, 'urls');
    if (parseVersion(version) === undefined) return [];
    const listed: readonly unknown[] = Array.isArray(urls) ? urls : [];
    return [{ version, digest: textAt(each, 'digest'), urls: listed.filter((at) => typeof at === 'string') }];
  });
}

type Reading = { readonly url: URL; readonly limits: ChartLimits };

function versionsOf(text: string, chart: string, reading: Reading): unknown {
  if (/^\s*\{/.test(text)) return fieldOf(entriesOf(parseJson(text, reading), reading), chart);
  const part = linesOfChart(text, chart);
  if (part !== undefined) return fieldOf(parseYaml(part.lines.join('\n'), reading, part), chart);
  // All that write indexes write block style: there the chart would have been found, unless it is not listed.
  if (text.length > reading.limits.chartEntriesLength && /^entries:/m.test(text)) return undefined;
  return fieldOf(entriesOf(parseYaml(text, reading), reading), chart);
}

function entriesOf(index: unknown, { url }: Reading): unknown {
  const entries = fieldOf(index, 'entries');
  // An empty repository: `entries: {}` or nothing after the colon.
  if (isMap(entries) || (isMap(index) && Object.hasOwn(index, 'entries') && (entries ?? '') === ''))
    return entries;
  const message = `${shownUrl(url)} is no index of charts: it has no entries`;
  throw chartError('Invalid', `${message}; correct repoURL, or mend the repository`, url);
}

/** JSON is YAML, which is slower to read, but knows in which line it is wrong. */
function parseJson(text: string, reading: Reading): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseYaml(text, reading);
  }
}

/** YAML whose scalars are all texts: a version `1.10` is not 1.1. */
function parseYaml(text: string, { url, limits }: Reading, part?: IndexPart): unknown {
  if (text.length > limits.chartEntriesLength) {
    const message = `what ${shownUrl(url)} says of one chart is longer than ${limits.chartEntriesLength} characters`;
    throw chartError('Limit', `${message}; remove old versions from the index`, url);
  }
  const lineCounter = new LineCounter();
  const lineAt = (offset: number) => {
    const { line } = lineCounter.linePos(offset);
    return part?.numbers[line - 1] ?? line;
  };
  try {
    const document = parseDocument(text, {
      lineCounter,
      schema: 'failsafe',
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const [error] = document.errors;
    if (error !== undefined) throw malformed(url, lineAt(error.pos[0]));
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error: unknown) {
    // Also what the library says of thousands of nested brackets, or of aliases that would grow to gigabytes.
    throw error instanceof RangeError || error instanceof ReferenceError ? malformed(url, lineAt(0)) : error;
  }
}

function malformed(url: URL, line: number) {
  const message = `${shownUrl(url)} is no valid index of charts: line ${line} is no valid YAML`;
  return chartError('Invalid', `${message}; correct repoURL, or mend the repository`, url, {
    facts: { line },
  });
}

function textAt(value: unknown, key: string): string {
  const text = fieldOf(value, key);
  return typeof text === 'string' && !/^(?:null|~)$/.test(text) ? text.trim() : '';
}
