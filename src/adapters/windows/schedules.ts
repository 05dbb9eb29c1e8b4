import { Cron } from 'croner';
import type { SyncWindow } from '../../domain/project/project';
import type { Schedules } from '../../domain/project/window-state';

/** Cron expressions and time zones of sync windows. What it remembers are schedules and zones of the policy: few, and small. */
export function createSchedules(): Schedules {
  const crons = new Map<string, Cron>();
  const zones = new Map<string, Intl.DateTimeFormat>();
  return {
    next(schedule, after) {
      const cron = crons.get(schedule) ?? parse(schedule);
      crons.set(schedule, cron);
      return cron.nextRun(new Date(after))?.getTime();
    },
    offset(timeZone, at) {
      if (timeZone === 'UTC') return 0;
      const format = zones.get(timeZone) ?? clockOf(timeZone);
      zones.set(timeZone, format);
      return offsetAt(format, at);
    },
  };
}

/** What is wrong with the schedule or the time zone of a window; undefined when nothing is. */
export function windowFlaw({
  schedule,
  timeZone,
}: Pick<SyncWindow, 'schedule' | 'timeZone'>): string | undefined {
  try {
    clockOf(timeZone);
  } catch {
    return `${timeZone} is not the name of a time zone, such as Europe/Amsterdam`;
  }
  try {
    return parse(schedule).nextRun(new Date(0)) === null ? `schedule "${schedule}" never comes` : undefined;
  } catch {
    return `"${schedule}" is not a schedule of five fields, such as "0 22 * * *"`;
  }
}

/** Always as if in UTC: who asks reckons with the clock on the wall. Day of month or day of week, as cron has it. */
function parse(schedule: string): Cron {
  return new Cron(schedule, { timezone: 'UTC', paused: true, mode: '5-part' });
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
