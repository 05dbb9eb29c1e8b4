import type { Scorecard } from '../../../src/domain/drill/scorecard';
import { plainStyle } from '../../../src/cli/output/style';
import { drillView } from '../../../src/cli/views/drill-view';
import { applicationSpec, applicationStatus, bad, settledState } from '../../client/fixtures/statuses';
import { runCli } from '../run-cli';

test.each([
  ['drill web', 'error: a drill makes one fault, or cleans up\n'],
  ['drill web --fault image --clean-up', 'error: a drill makes one fault, or cleans up\n'],
  ['drill web --fault fire', "argument 'fire' is invalid"],
  ['drill web --fault errors --set-env FAULT', 'Write NAME=VALUE.'],
  ['drill web --fault experiment', 'error: there is no experiment\n  try: name a file'],
  ['drill web --fault crash --experiment a.yaml', 'error: --experiment is not for --fault crash\n'],
  ['drill web --fault crash --kube-context a', 'error: --kube-context is for experiments\n'],
  ['drill web --clean-up --kube-context a', 'error: --kube-context is for experiments\n'],
])('`belay %s` is bad usage', async (line, err) => {
  const ran = await runCli(line);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(err);
});

function drilling(changes: Parameters<typeof applicationStatus>[0]) {
  return runCli('drill web --fault image --yes --branch scratch', {
    applicationStatus: async () => applicationStatus(changes),
  });
}

test('a branch that the application does not follow is refused: nothing would happen', async () => {
  const ran = await drilling({});
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('web follows main, not scratch') });
});

test('a file without an experiment is bad usage, before anything is cloned', async () => {
  const ran = await runCli('drill web --fault experiment --experiment a.yaml --yes', {
    applicationStatus: async () =>
      applicationStatus({ state: settledState({ branch: 'refs/heads/scratch' }) }),
  });
  expect(ran).toMatchObject({
    code: 2,
    err: expect.stringContaining('a.yaml: there is no experiment in it'),
  });
});

test('a member of a release is drilled with its release', async () => {
  const release = { release: 'shop', dependsOn: [], wave: 0 };
  const ran = await drilling({ spec: applicationSpec('web', { release }) });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('belay drill release/shop --member web');
});

test('an application in trouble is not drilled', async () => {
  const ran = await drilling({ health: 'Degraded', state: settledState({ branch: 'refs/heads/scratch' }) });
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('try: `belay why web`') });
});

const card: Scorecard = {
  id: '7f',
  subject: 'web',
  fault: 'image',
  branch: 'scratch',
  revision: bad,
  end: 'back',
  detectMs: 2_140,
  restoreMs: 480,
  probe: { url: 'http://web', sent: 80, lost: 1, slowestMs: 31, firstLoss: 'status 503' },
  checks: [
    { promise: 'the broken version is judged bad', held: true, seen: 'ImagePull: no\nimage' },
    { promise: 'Git was written exactly once', held: false, seen: 'no commit reverts the drill' },
  ],
  passed: false,
};

test('a scorecard says times, losses, and each promise', () => {
  expect(drillView(card, plainStyle)).toEqual([
    '',
    'Drill:          image of web, 7f',
    'Git:            9ab12cd on scratch',
    'Detected:       2.1 s after the push',
    'Traffic back:   480 ms after the verdict',
    'All back:       not seen',
    'Requests:       1 of 80 lost, the slowest took 31 ms',
    'First lost:     status 503',
    '',
    '✔ the broken version is judged bad   ImagePull: no image',
    '✖ Git was written exactly once       no commit reverts the drill',
    '',
    'web: 1 of 2 promises did not hold',
  ]);
  const passed = { ...card, checks: card.checks.slice(0, 1), passed: true };
  expect(drillView(passed, plainStyle).at(-1)).toBe('web: all promises held');
});
