import type { DoctorFacts, QueueFacts, WorkflowFacts } from '../../../src/domain/doctor/facts';
import { judgeInstallation, judgeUnreachable } from '../../../src/domain/doctor/judge';

const now = Date.parse('2026-03-01T12:00:00Z');
const live = { identity: '7@node', at: now - 20_000 };
const gone = { identity: '7@node', at: now - 90_000 };

function queue(changes: Partial<QueueFacts> = {}): QueueFacts {
  return { queue: 'belay', kind: 'workflows', pollers: [live], applications: ['api', 'web'], ...changes };
}

function workflow(changes: Partial<WorkflowFacts> = {}): WorkflowFacts {
  const since = now - 3_600_000;
  return {
    id: 'app/web',
    type: 'application',
    application: 'web',
    since,
    events: 9,
    activities: [],
    ...changes,
  };
}

function judge(changes: Partial<DoctorFacts>) {
  const facts = {
    now,
    where: 'here',
    missingAttributes: [],
    queues: [queue()],
    workflows: [],
    applications: [],
  };
  return judgeInstallation({ ...facts, ...changes });
}

test('all is well: every check was made, and nothing is found', () => {
  const report = judge({ workflows: [workflow()] });
  expect(report).toMatchObject({ isWell: true, findings: [], at: now });
  expect(report.checks.map(({ check, looked }) => `${check}: ${looked}`)).toEqual([
    'temporal: here',
    'searchAttributes: registered for the namespace',
    'queues: 1 of 1 have a worker',
    'versions: 0 workflows are bound to a version',
    'workflowTasks: of 1 running workflows',
    'activities: 0 pending',
    'histories: the longest has 9 events',
    'applications: 1 applications',
  ]);
});

test.each<[string, Partial<QueueFacts>, string, string]>([
  ['nobody ever asked', { pollers: [] }, 'nothing at all goes on', 'no worker has asked for its work'],
  ['the worker is gone', { pollers: [gone] }, 'nothing at all goes on', 'worker 7@node asked last 1 min ago'],
  [
    'nobody answers',
    { isSilent: true },
    'nothing at all goes on',
    'nobody answers a question; worker 7@node',
  ],
  ['no writer of Git', { kind: 'git', pollers: [] }, 'no revert or restore reaches Git', 'no worker'],
  ['no observer', { kind: 'observers', pollers: [] }, 'new commits are not seen', 'no worker'],
  ['no worker of a cluster', { kind: 'cluster', cluster: 'eu', pollers: [] }, 'cluster eu', 'no worker'],
  [
    'only workers of a version that is not current',
    { pollers: [{ ...live, version: 'belay:2' }] },
    'nothing at all goes on',
    'new work goes to workers without a version, and only workers of version belay:2 are there',
  ],
  [
    'only workers without a version',
    { current: 'belay:2' },
    'nothing at all goes on',
    'new work goes to version belay:2, and only workers without a version are there',
  ],
])('a queue without a worker: %s', (_name, changes, what, why) => {
  const { findings, isWell } = judge({ queues: [queue(changes)] });
  expect(isWell).toBe(false);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ check: 'queues', affects: ['api', 'web'] });
  expect(findings[0]?.what).toContain(what);
  expect(findings[0]?.why).toContain(why);
  expect(findings[0]?.remedy).not.toBe('');
});

test.each<[string, Partial<QueueFacts>]>([
  ['it asked within the last minute', {}],
  ['its watcher gave a sign of life', { pollers: [gone], heardAt: now - 2_000 }],
  ['it is of the current version', { pollers: [{ ...live, version: 'belay:2' }], current: 'belay:2' }],
  [
    'it is of the current version, beside old ones',
    { pollers: [live, { ...live, version: 'b:2' }], current: 'b:2' },
  ],
])('a queue has a worker: %s', (_name, changes) => {
  expect(judge({ queues: [queue(changes)] }).findings).toEqual([]);
});

test('a queue says since when, and a cluster which worker is wanted', () => {
  const queues = [queue({ kind: 'cluster', cluster: 'eu', pollers: [gone] })];
  expect(judge({ queues }).findings[0]).toMatchObject({
    since: gone.at,
    remedy: expect.stringContaining('belay worker --context eu'),
  });
});

test('search attributes that are missing are named with the command that makes them', () => {
  const [finding] = judge({ missingAttributes: ['BelayApp', 'BelayWeight'] }).findings;
  expect(finding).toMatchObject({
    check: 'searchAttributes',
    what: 'the namespace lacks search attributes: BelayApp, BelayWeight',
    remedy: expect.stringContaining('--name BelayApp --type Keyword --name BelayWeight --type Int'),
  });
});

test.each<[string, Partial<WorkflowFacts>, boolean]>([
  ['bound to a version without a worker', { pinnedTo: 'belay:1' }, true],
  ['bound to a version with one', { pinnedTo: 'belay:2' }, false],
  ['bound to none', {}, false],
])('a workflow that is %s', (_name, changes, isFound) => {
  const pollers = [
    { ...live, version: 'belay:2' },
    { ...gone, version: 'belay:1' },
  ];
  const { findings } = judge({
    queues: [queue({ pollers, current: 'belay:2' })],
    workflows: [workflow({ id: 'rollout/c/shop/deployment/web', type: 'rollout', ...changes })],
  });
  expect(findings.map(({ check, affects }) => [check, affects])).toEqual(
    isFound ? [['versions', ['web']]] : [],
  );
  for (const { what, remedy } of findings) {
    expect(what).toContain('rollout/c/shop/deployment/web stands still');
    expect(remedy).toContain('--deployment belay --build-id 1');
  }
});

test.each<[string, Partial<WorkflowFacts>, string | undefined]>([
  ['three attempts of a workflow task', { task: { attempt: 3 } }, undefined],
  [
    'four',
    { task: { attempt: 4, why: 'Nondeterminism', since: now - 60_000 } },
    'workflowTasks: Nondeterminism',
  ],
  ['five attempts of an activity', { activities: [{ type: 'a', attempt: 5 }] }, undefined],
  ['six', { activities: [{ type: 'a', attempt: 6, why: 'refused' }] }, 'activities: refused'],
  ['4,000 events', { events: 4_000 }, undefined],
  ['4,001 events', { events: 4_001 }, 'histories: Temporal warns'],
])('%s', (_name, changes, found) => {
  const { findings } = judge({ workflows: [workflow(changes)] });
  expect(findings.map(({ check, why }) => `${check}: ${why}`)).toEqual(
    found === undefined ? [] : [expect.stringContaining(found)],
  );
  for (const { affects } of findings) expect(affects).toEqual(['web']);
});

test('applications that want a person are found with what they say themselves', () => {
  const applications = [
    { name: 'web', state: 'held' as const, why: 'main is protected', since: now - 60_000 },
    { name: 'api', state: 'unanswered' as const, why: 'no worker' },
  ];
  const { findings } = judge({ applications });
  expect(findings).toMatchObject([
    { what: 'web is held: it waits for a person', why: 'main is protected', since: now - 60_000 },
    { what: 'api does not answer' },
  ]);
  expect(findings[1]).not.toHaveProperty('since');
});

test('a Temporal that cannot be reached is the one finding', () => {
  const report = judgeUnreachable(
    { message: 'cannot reach it', remedy: 'start it' },
    { now, where: 'there' },
  );
  expect(report).toMatchObject({ isWell: false, checks: [{ check: 'temporal', findings: 1 }] });
  expect(report.findings).toMatchObject([{ why: 'cannot reach it', remedy: 'start it' }]);
});
