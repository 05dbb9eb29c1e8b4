import type { Measurement, MetricRun } from './spec';
import { lineOf } from './text';

/** What the metrics of a run may take as JSON, in bytes: 64 KiB less its head. */
const mostBytes = 62_000;

/** The metric with its newest measurements: at most `retention` of them, and no more than its share of the run's size. */
export function keepSmall(full: MetricRun, retention: number, metrics: number): MetricRun {
  // What a sequential metric remembers and shows has bounds of its own.
  const { memory, sequential, ...run } = full;
  const rest = { ...(sequential !== undefined && { sequential }), ...(memory !== undefined && { memory }) };
  return { ...keepShare(run, retention, metrics), ...rest };
}

function keepShare(run: MetricRun, retention: number, metrics: number): MetricRun {
  const share = Math.floor(mostBytes / Math.max(1, metrics));
  const head = bytesOf({ ...run, measurements: [] });
  const newest: Measurement[] = [];
  let left = share - head;
  for (const measurement of run.measurements.slice(-Math.max(1, retention)).reverse()) {
    left -= bytesOf(measurement) + 1;
    if (left < 0 && newest.length > 0) break;
    newest.unshift(measurement);
  }
  const kept = { ...run, measurements: newest };
  return bytesOf(kept) <= share ? kept : shorten(kept);
}

/** The last resort, for many metrics with long texts: the newest measurement with the beginnings of its texts. */
function shorten(run: MetricRun): MetricRun {
  const measurements = run.measurements.slice(-1).map(({ metadata: _, value, message, ...rest }) => ({
    ...rest,
    ...(value !== undefined && { value: lineOf(value, 60) }),
    ...(message !== undefined && { message: lineOf(message, 100) }),
  }));
  return { ...run, measurements, ...(run.message !== undefined && { message: lineOf(run.message, 200) }) };
}

/** Size of a value's JSON in UTF-8. */
function bytesOf(value: unknown): number {
  const json = JSON.stringify(value);
  let bytes = json.length;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    // Half of a surrogate pair is two of four bytes.
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
