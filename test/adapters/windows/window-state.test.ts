import { createSchedules, windowFlaw } from '../../../src/adapters/windows/schedules';
import type { SyncWindow } from '../../../src/domain/project/project';
import { windowState } from '../../../src/domain/project/window-state';

const hour = 3_600_000;
const base: SyncWindow = {
  kind: 'allow',
  schedule: '0 9 * * *',
  durationMs: 8 * hour,
  timeZone: 'UTC',
  applications: ['*'],
  namespaces: [],
  clusters: [],
  all: false,
  manualSync: false,
  syncOverrun: false,
};
const allow = (part: Partial<SyncWindow> = {}): SyncWindow => ({ ...base, ...part });
const deny = (part: Partial<SyncWindow> = {}): SyncWindow => ({ ...base, kind: 'deny', ...part });
const subject = {
  application: 'shop-prod',
  namespace: 'shop',
  cluster: { servers: ['https://kubernetes.default.svc'], names: ['in-cluster'] },
};
const schedules = createSchedules();
const at = (windows: readonly SyncWindow[], time: string) => {
  const { until, ...state } = windowState(windows, subject, schedules, Date.parse(time));
  return { ...state, until: until === undefined ? undefined : new Date(until).toISOString().slice(0, 16) };
};
const noon = '2026-11-23T12:00:00Z';
const night = '2026-11-23T23:00:00Z';

/** Results as SyncWindows.CanSync of Argo CD has them. */
test.each([
  ['no window', [], noon, { open: true, manual: true }],
  ['inside an allow window', [allow()], noon, { open: true, until: '2026-11-23T17:00' }],
  ['outside an allow window', [allow()], night, { open: false, manual: false, until: '2026-11-24T09:00' }],
  ['outside, by hand', [allow({ manualSync: true })], night, { open: false, manual: true }],
  ['outside two, one by hand', [allow({ manualSync: true }), allow()], night, { open: false, manual: false }],
  ['inside one of two', [allow({ schedule: '0 2 * * *', durationMs: hour }), allow()], noon, { open: true }],
  ['inside a deny window', [deny()], noon, { open: false, manual: false, until: '2026-11-23T17:00' }],
  ['inside, by hand', [deny({ manualSync: true })], noon, { open: false, manual: true }],
  ['inside two, one by hand', [deny({ manualSync: true }), deny()], noon, { open: false, manual: false }],
  ['outside a deny window', [deny()], night, { open: true, until: '2026-11-24T09:00' }],
  ['deny beats allow', [allow(), deny()], noon, { open: false }],
  ['deny beats allow, whoever may by hand', [allow({ manualSync: true }), deny()], noon, { manual: false }],
  [
    'after the deny window the allow window is left',
    [allow(), deny({ durationMs: 4 * hour })],
    noon,
    { until: '2026-11-23T13:00' },
  ],
  ['neither', [allow(), deny()], night, { open: false }],
  ['the first moment', [allow()], '2026-11-23T09:00:00Z', { open: true }],
  ['the last moment', [allow()], '2026-11-23T16:59:59Z', { open: true }],
  ['the moment after', [allow()], '2026-11-23T17:00:00Z', { open: false }],
  [
    'over midnight',
    [allow({ schedule: '0 22 * * *' })],
    '2026-11-24T05:59:00Z',
    { open: true, until: '2026-11-24T06:00' },
  ],
  [
    'windows in a row are one',
    [allow({ schedule: '0 * * * *', durationMs: hour }), allow({ schedule: '30 17 23 11 *' })],
    noon,
    { open: true },
  ],
  [
    'working days',
    [allow({ schedule: '0 9 * * 1-5' })],
    '2026-11-28T12:00:00Z',
    { open: false, until: '2026-11-30T09:00' },
  ],
  ['day of month or of week', [allow({ schedule: '0 9 1 * 1' })], noon, { open: true }],
  ['a whole day by name', [deny({ schedule: '@daily', durationMs: 24 * hour })], noon, { open: false }],
  [
    'a time zone',
    [allow({ timeZone: 'America/New_York' })],
    noon,
    { open: false, until: '2026-11-23T14:00' },
  ],
] as const)('%s', (_name, windows, time, expected) => {
  expect(at(windows, time)).toMatchObject(expected);
});

test.each([
  ['its name', { applications: ['*-prod'] }, true],
  ['another name', { applications: ['*-test'] }, false],
  ['its namespace', { applications: [], namespaces: ['sh*'] }, true],
  ['its cluster by name', { applications: [], clusters: ['in-cluster'] }, true],
  ['its cluster by server', { applications: [], clusters: ['https://kubernetes.*'] }, true],
  ['one of several', { applications: ['other'], namespaces: ['shop'] }, true],
  ['one of several, but all are wanted', { applications: ['other'], namespaces: ['shop'], all: true }, false],
  ['all that are wanted', { applications: ['shop-*'], namespaces: ['shop'], all: true }, true],
  ['nothing', { applications: [], all: true }, false],
] as const)('a window is for an application by %s', (_name, part, isFor) => {
  expect(at([deny(part)], noon).open).toBe(!isFor);
});

test.each([
  ['into a deny window without', [deny()], false],
  ['into a deny window with', [deny({ syncOverrun: true })], true],
  ['into two, one without', [deny({ syncOverrun: true }), deny()], false],
  ['from an allow window with into a deny window without', [allow({ syncOverrun: true }), deny()], false],
] as const)('a sync runs over %s sync overrun: %s', (_name, windows, goesOn) => {
  expect(at(windows, noon).overrun).toBe(goesOn);
});

test.each([
  ['with', [allow({ syncOverrun: true })], true],
  ['without', [allow()], false],
  ['of several, one without', [allow({ syncOverrun: true }), allow()], false],
] as const)('a sync runs over the end of an allow window %s sync overrun: %s', (_name, windows, goesOn) => {
  expect(at(windows, night).overrun).toBe(goesOn);
});

/** Amsterdam puts its clocks forward on 2026-03-29 at 01:00 UTC (02:00 → 03:00), and back on 2026-10-25 at 01:00 UTC (03:00 → 02:00). */
test.each([
  ['before: one hour ahead of UTC', '0 9 * * *', '2026-03-28T08:30:00Z', true, '2026-03-28T09:00'],
  ['after: two hours ahead', '0 9 * * *', '2026-03-29T07:30:00Z', true, '2026-03-29T08:00'],
  ['after: an hour earlier in UTC', '0 9 * * *', '2026-03-29T08:30:00Z', false, '2026-03-30T07:00'],
  ['the next window lies behind the change', '0 9 * * *', '2026-03-28T12:00:00Z', false, '2026-03-29T07:00'],
  ['a beginning that is skipped', '30 2 * * *', '2026-03-29T00:59:00Z', false, '2026-03-29T01:00'],
  [
    'the rest of a window whose beginning was skipped',
    '30 2 * * *',
    '2026-03-29T01:10:00Z',
    true,
    '2026-03-29T01:30',
  ],
  ['a window that is cut short', '30 1 * * *', '2026-03-29T00:45:00Z', true, '2026-03-29T01:00'],
  ['put back: the first half past two', '30 2 * * *', '2026-10-25T00:45:00Z', true, '2026-10-25T01:00'],
  ['put back: two again', '30 2 * * *', '2026-10-25T01:10:00Z', false, '2026-10-25T01:30'],
  ['put back: the second half past two', '30 2 * * *', '2026-10-25T01:45:00Z', true, '2026-10-25T02:30'],
] as const)('clocks that change: %s', (_name, schedule, time, open, until) => {
  const window = allow({ schedule, timeZone: 'Europe/Amsterdam', durationMs: hour });
  expect(at([window], time)).toMatchObject({ open, until });
});

test.each([
  ['0 22 * * *', 'UTC', undefined],
  ['@daily', 'Europe/Amsterdam', undefined],
  ['0 25 * * *', 'UTC', /"0 25 \* \* \*" is not a schedule/],
  ['* * * * * *', 'UTC', /not a schedule of five fields/],
  ['', 'UTC', /not a schedule/],
  ['@every 1h', 'UTC', /not a schedule/],
  ['0 0 30 2 *', 'UTC', /never comes/],
  ['0 22 * * *', 'Mars/Olympus', /not the name of a time zone/],
] as const)('the schedule %s in %s: %s', (schedule, timeZone, told) => {
  const flaw = windowFlaw({ schedule, timeZone });
  if (told === undefined) expect(flaw).toBeUndefined();
  else expect(flaw).toMatch(told);
});
