import { applicationDetails, statusOf } from '../../src/domain/application-view';
import type { ApplicationState, Hold } from '../../src/domain/application-state';
import { application, deployed, entry, now, state } from '../support/view-application';

type Facts = Parameters<typeof statusOf>[0];

const synced = { head: 'r1', synced: 'r1', workloads: { web: deployed('v1') } };
const problem = {
  code: 'InvalidYaml',
  file: 'k8s/a.yaml',
  line: 3,
  message: 'not valid YAML',
  remedy: 'mend it',
} as const;
const hold: Hold = { code: 'WriteBackOff', reason: 'write-back is off', remedy: 'push a fix', since: now };
const membership = { release: 'spring', dependsOn: [], wave: 0 };
const underWay: NonNullable<ApplicationState['release']> = {
  directive: {
    ...{ release: 'release/spring/3', want: 'restore', revision: 'r2' },
    ...{ isPaused: false, isLockstep: false },
  },
  report: {
    ...{ application: 'shop', stage: 'trafficBack', since: now },
    message: 'all traffic is on the old version',
  },
};
const status = (facts: Partial<Facts> = {}) =>
  statusOf({
    spec: application(),
    state: state(),
    operation: undefined,
    rollouts: [],
    sourceProblem: undefined,
    ...facts,
  });
const rollout = { kind: 'rollout', message: 'web: canary at 20 %', since: now - 5 } as const;

describe('the status of an application', () => {
  const rows: readonly (readonly [string, Partial<Facts>, string, string, string])[] = [
    ['nothing was looked at yet', {}, 'Unknown', 'Unknown', 'waiting for the first look at Git'],
    [
      'the first look found a problem',
      { state: state({ problems: [problem], problemsSince: now }) },
      'Unknown',
      'Missing',
      'k8s/a.yaml:3: not valid YAML; mend it',
    ],
    [
      'all is well',
      { state: state({ ...synced, events: [{ at: now, text: 'synced r1' }] }) },
      'Synced',
      'Healthy',
      'synced r1',
    ],
    [
      'a newer revision is there',
      { state: state({ ...synced, head: 'r2' }) },
      'OutOfSync',
      'Healthy',
      'waiting for the first look at Git',
    ],
    [
      'a newer revision waits for its release',
      { spec: application({ release: membership }), state: state({ ...synced, head: 'r2' }) },
      'OutOfSync',
      'Healthy',
      'r2 waits for the release spring',
    ],
    [
      'a release is under way, and a hold is older',
      { state: state({ ...synced, head: 'r2', hold, release: underWay }) },
      'OutOfSync',
      'Healthy',
      'in release/spring/3, which wants its objects back: all traffic is on the old version',
    ],
    [
      'something drifted',
      { state: state({ ...synced, drift: ['Service shop/web'] }) },
      'OutOfSync',
      'Healthy',
      'waiting for the first look at Git',
    ],
    [
      'the newest revision is refused, the good one runs',
      { state: state({ ...synced, problems: [problem] }) },
      'OutOfSync',
      'Healthy',
      'k8s/a.yaml:3: not valid YAML; mend it',
    ],
    [
      'Git does not answer',
      {
        state: state(synced),
        sourceProblem: { problem: { code: 'Unreachable', message: 'no answer' }, since: now },
      },
      'Unknown',
      'Healthy',
      'no answer',
    ],
    [
      'a rollout goes on',
      { state: state(synced), operation: rollout },
      'Synced',
      'Progressing',
      'web: canary at 20 %',
    ],
    [
      'drift is healed',
      { state: state(synced), operation: { ...rollout, kind: 'heal', message: 'healing' } },
      'Synced',
      'Healthy',
      'healing',
    ],
    [
      'it is held and the good version runs',
      { state: state({ ...synced, hold }) },
      'Synced',
      'Healthy',
      'held: write-back is off; push a fix',
    ],
    [
      'the good version fails too',
      { state: state({ ...synced, hold: { ...hold, code: 'GoodFailsToo' } }) },
      'Synced',
      'Degraded',
      'held: write-back is off; push a fix',
    ],
    [
      'a workload never became healthy',
      { state: state({ ...synced, workloads: { web: deployed('v1', { healthy: false }) } }) },
      'Synced',
      'Degraded',
      'waiting for the first look at Git',
    ],
  ];
  it.each(rows)('when %s', (_name, facts, sync, health, message) => {
    expect(status(facts)).toMatchObject({ sync, health, message });
  });

  it('says since when, whatever it says', () => {
    expect(status({ operation: rollout }).since).toBe(now - 5);
    expect(status({ state: state({ hold }) }).since).toBe(now);
    expect(status({ state: state({ events: [{ at: 7, text: 'synced' }] }) }).since).toBe(7);
    expect(status({ state: state({ problems: [problem], problemsSince: 9 }) }).since).toBe(9);
  });

  it('counts the problem of the source among the problems, and tells whether a person is needed', () => {
    const { state: shown, held } = status({
      state: state({ problems: [problem], hold }),
      sourceProblem: { problem, since: 1 },
    });
    expect(shown.problems).toHaveLength(2);
    expect(held).toBe(true);
    expect(status().held).toBe(false);
  });

  it('is Markdown for Temporal’s UI', () => {
    const history = [entry('promoted', {}, { message: 'web v2' })];
    expect(applicationDetails(status({ state: state({ ...synced, hold, history }) }))).toBe(
      [
        '**shop**: Synced, Healthy, Held. held: write-back is off; push a fix',
        '',
        'https://git.example/shop `k8s` at `main` → namespace `shop`',
        '',
        '| when | revision | result | what |',
        '| --- | --- | --- | --- |',
        '| 2026-03-01T03:00:00Z | `aaaaaaaaaaaa` | promoted | web v2 |',
      ].join('\n'),
    );
  });
});
