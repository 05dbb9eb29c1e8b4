import { ExprError } from './expr-error';
import { Instant, Span } from './values';

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const part = /([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration as Go writes it, `1h30m`; no days. Throws ExprError. */
export function parseDuration(text: string): Span {
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return new Span(0n);
  let nanos = 0n;
  let at = 0;
  while (at < unsigned.length || at === 0) {
    part.lastIndex = at;
    const [all, whole = '', fraction = '', unit = ''] = part.exec(unsigned) ?? [];
    const scale = units[unit];
    if (all === undefined || scale === undefined || whole + fraction === '') {
      throw new ExprError(`${JSON.stringify(text)} is no duration`);
    }
    nanos += BigInt(whole === '' ? '0' : whole) * scale;
    if (fraction !== '') nanos += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    at += all.length;
  }
  if (nanos >= 2n ** 63n) throw new ExprError(`${JSON.stringify(text)} is too long a duration`);
  return new Span(text.startsWith('-') ? -nanos : nanos);
}

/** As Go writes a duration: `1h30m0s`, `1.5s`, `250ms`. */
export function formatDuration({ nanos }: Span): string {
  if (nanos < 0n) return `-${formatDuration(new Span(-nanos))}`;
  if (nanos === 0n) return '0s';
  const small = nanos < 1_000n ? 'ns' : nanos < 1_000_000n ? 'µs' : nanos < 1_000_000_000n ? 'ms' : undefined;
  if (small !== undefined) return decimal(nanos, units[small] ?? 1n) + small;
  const seconds = nanos / 1_000_000_000n;
  const rest = `${decimal(nanos % 60_000_000_000n, 1_000_000_000n)}s`;
  if (seconds < 60n) return rest;
  const minutes = `${(seconds / 60n) % 60n}m${rest}`;
  return seconds < 3600n ? minutes : `${seconds / 3600n}h${minutes}`;
}

function decimal(nanos: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(nanos % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${nanos / unit}${fraction === '' || digits === 0 ? '' : `.${fraction}`}`;
}

const date = '(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})';
const clock = '(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:[.,](?<fraction>[0-9]+))?';
const layouts = [
  new RegExp(`^${date}$`),
  new RegExp(`^${clock}$`),
  new RegExp(`^${date} ${clock}$`),
  new RegExp(`^${date}T${clock}(?<zone>Z|[+-][0-9]{2}:[0-9]{2})$`),
];

/** A date, a time of day, both, or RFC 3339; without a zone UTC. Throws ExprError. */
export function parseDate(text: string): Instant {
  const fields = layouts.map((layout) => layout.exec(text)?.groups).find((groups) => groups !== undefined);
  const number = (name: string, otherwise: number): number => Number(fields?.[name] ?? otherwise);
  const [year, month, day] = [number('year', 0), number('month', 1), number('day', 1)];
  const [hour, minute, second] = [number('hour', 0), number('minute', 0), number('second', 0)];
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second);
  const isCalendarDate = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  if (fields === undefined || hour > 23 || minute > 59 || second > 59 || !isCalendarDate) {
    throw new ExprError(`${JSON.stringify(text)} is no date of a form known here (2006-01-02, RFC 3339, …)`);
  }
  const nanos = BigInt((fields['fraction'] ?? '').slice(0, 9).padEnd(9, '0'));
  return new Instant(BigInt(moment.getTime() - zoneOffset(fields['zone'])) * 1_000_000n + nanos);
}

/** In milliseconds. */
function zoneOffset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])([0-9]{2}):([0-9]{2})$/.exec(zone ?? '') ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 24 || Number(minutes) > 60) throw new ExprError(`${zone} is no time zone`);
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** As Go writes a time in UTC. */
export function formatTime({ nanos }: Instant): string {
  const millis = nanos >= 0n ? nanos / 1_000_000n : (nanos - 999_999n) / 1_000_000n;
  const [day = '', rest = ''] = new Date(Number(millis)).toISOString().split('T');
  const fraction = String(((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${day} ${rest.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}
