import { ClientError } from '../../src/client/client-error';
import type { DoctorReport } from '../../src/domain/doctor/report';
import { minutesAgo, now } from '../client/fixtures/statuses';
import { runCli } from './run-cli';

const well: DoctorReport = {
  at: now,
  where: '127.0.0.1:7233, namespace default',
  isWell: true,
  checks: [{ check: 'temporal', looked: '127.0.0.1:7233, namespace default', findings: 0 }],
  findings: [],
};

const ill: DoctorReport = {
  ...well,
  isWell: false,
  checks: [...well.checks, { check: 'queues', looked: '2 of 3 have a worker', findings: 1 }],
  findings: [
    {
      check: 'queues',
      what: 'no worker answers on task queue belay-git: no revert or restore reaches Git',
      why: 'worker 7@node asked last 3 min ago',
      since: minutesAgo(3),
      remedy: 'start a worker: `belay worker`',
      affects: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'],
    },
  ],
};

test('ends with 0 when all is well, and says what was looked at', async () => {
  expect(await runCli('doctor', { doctor: async () => well })).toEqual({
    code: 0,
    out: '✔ Temporal: 127.0.0.1:7233, namespace default\n',
    err: '',
  });
});

test('ends with 1 when something is found, and says why, since when, whom it concerns and what to do', async () => {
  const { code, out } = await runCli('doctor', { doctor: async () => ill });
  expect(code).toBe(1);
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   ✔ Temporal: 127.0.0.1:7233, namespace default
   ✖ task queues: 2 of 3 have a worker; 1 found

   ✖ no worker answers on task queue belay-git: no revert or restore reaches Git
     Why:        worker 7@node asked last 3 min ago
     Since:      3 min ago
     Concerns:   a, b, c, d, e, f, g, h and 2 more
     Try:        start a worker: \`belay worker\`
   "
  `);
});

test('gives data with times in ISO 8601', async () => {
  const { code, out } = await runCli('doctor -o json', { doctor: async () => ill });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    at: '2026-03-01T12:00:00.000Z',
    findings: [{ since: '2026-03-01T11:57:00.000Z', affects: ill.findings[0]?.affects }],
  });
});

test('a Temporal that cannot be reached is a finding, not a failure of the command', async () => {
  const connect = () =>
    Promise.reject(new ClientError('Unreachable', 'cannot reach Temporal at x:1', { remedy: 'start it' }));
  const { code, out, err } = await runCli('doctor', {}, { connect });
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('Why:   cannot reach Temporal at x:1');
});

test('a configuration that cannot be read is a failure of the command', async () => {
  const connect = () => Promise.reject(new ClientError('InvalidConfig', 'no such profile'));
  expect(await runCli('doctor', {}, { connect })).toMatchObject({ code: 1, err: 'error: no such profile\n' });
});
