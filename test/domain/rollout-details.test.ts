import { describeStep } from '../../src/domain/describe-step';
import { detailsOf } from '../../src/domain/rollout-details';
import type { RolloutStatus } from '../../src/domain/rollout-status';
import { analysed, background, failedStep, metric, outage } from '../cli/analyses';
import { now } from '../support/view-application';

const source = { repoUrl: 'https://git.example/shop', path: 'k8s', revision: 'b'.repeat(40) };
const canary = {
  kind: 'canary',
  steps: [],
  maxSurge: 1,
  maxUnavailable: 0,
  scaleDownDelayMs: 0,
} as const;
const status: RolloutStatus = {
  spec: {
    application: 'shop',
    cluster: 'c',
    namespace: 'shop',
    kind: 'Deployment',
    name: 'web',
    target: source,
    version: 'v2',
    number: 2,
    rolloutId: 'r2',
    strategy: { kind: 'rolling' },
    progressDeadlineMs: 600_000,
    pace: 'steps',
  },
  phase: 'Paused',
  message: 'waiting for `belay promote shop`',
  since: now,
  startedAt: now,
  steps: [
    { step: { kind: 'setWeight', weight: 20 }, mark: 'done', at: now },
    { step: { kind: 'pause' }, mark: 'now', at: now + 5_000 },
    { step: { kind: 'setWeight', weight: 100 }, mark: 'next' },
  ],
  weight: 20,
  pastReturn: false,
  log: [{ at: now + 1_000, text: 'paused by ada' }],
};

describe('a rollout for Temporal’s UI', () => {
  it.each([
    [{ kind: 'setWeight', weight: 5 }, 'setWeight 5'],
    [{ kind: 'pause', durationMs: 30_000 }, 'pause 30 s'],
    [{ kind: 'pause', durationMs: 5_400_000 }, 'pause 1 h 30 min'],
    [{ kind: 'pause' }, 'pause until promoted'],
  ] as const)('names the step %j', (step, text) => {
    expect(describeStep(step)).toBe(text);
  });

  it('is a sentence, a table of steps, and what happened', () => {
    expect(detailsOf(status)).toBe(`**shop/web**: Paused. waiting for \`belay promote shop\` (since 03:00:00Z)

| # | step | state | since |
| --- | --- | --- | --- |
| 1 | setWeight 20 | ✔ done | 03:00:00Z |
| 2 | pause until promoted | ◌ now | 03:00:05Z |
| 3 | setWeight 100 | · next |  |

- 03:00:01Z paused by ada`);
  });

  it('is only the sentence when there are no steps and nothing happened', () => {
    expect(detailsOf({ ...status, steps: [], log: [] })).not.toContain('\n');
  });

  it('tells both versions, analyses, hooks and experiments', () => {
    const side = { desired: 2, current: 2, ready: 2, available: 2 };
    const text = detailsOf({
      ...status,
      spec: { ...status.spec, strategy: canary },
      actualWeight: 33,
      pods: {
        at: now,
        stable: { ...side, images: ['shop/web:1', 'log:4'] },
        canary: { ...side, images: ['shop/web:2', 'log:4'], available: 1 },
      },
      analyses: [background, failedStep('step 1'), { ...outage, name: 'step 2: compare' }],
      hooks: [
        { name: 'migrate', phase: 'pre', mark: 'done', at: now },
        { name: 'smoke', phase: 'post', mark: 'failed', at: now, sentence: 'Job smoke | ended\nwith 3' },
      ],
      experiments: [{ step: 2, phase: 'Running', since: now }],
    });
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
     "
     **shop/web**: Paused. waiting for \`belay promote shop\` (since 03:00:00Z)

     - weight 20, actual 33
     - stable: \`shop/web:1\`, \`log:4\`, 2 of 2 pods available (03:00:00Z)
     - new: \`shop/web:2\`, \`log:4\`, 1 of 2 pods available (03:00:00Z)

     | # | step | state | since |
     | --- | --- | --- | --- |
     | 1 | setWeight 20 | ✔ done | 03:00:00Z |
     | 2 | pause until promoted | ◌ now | 03:00:05Z |
     | 3 | setWeight 100 | · next |  |

     | analysis | metric | phase | counts | what |
     | --- | --- | --- | --- | --- |
     | background | success-rate | ◌ Running | ✔ 3 | last 0.97, 11:59:50Z |
     | background | latency | ◌ Running | ✔ 1, ? 1, ⚠ 1 | last result is no number, 11:59:55Z |
     | background | saturation | ◌ Running |  | not measured yet (dry run) |
     | step 1 | success-rate | ✖ Failed | ✔ 1, ✖ 1 | Metric "success-rate" assessed Failed due to failed (1) > failureLimit (0); last 0.41, 11:59:00Z |
     | step 1 | latency | ✔ Successful | ✔ 2 | last 0.97, 11:59:50Z |
     | step 2: compare | success-rate | ⚠ Unreachable | ✔ 3, ⚠ 4 | provider unreachable, no reading since 11:58:00Z: connect ECONNREFUSED 10.0.0.9:9090 |

     - hook migrate (pre): ✔ done 03:00:00Z
     - hook smoke (post): ✖ failed 03:00:00Z Job smoke \\| ended with 3
     - experiment of step 2: Running 03:00:00Z

     - 03:00:01Z paused by ada
     "
    `);
  });

  it('leaves out a message that a metric tells, and shows one that is of the run', () => {
    const broken = analysed('background', { phase: 'Error', metrics: [], message: 'no value for "service"' });
    expect(detailsOf({ ...status, analyses: [broken] })).toContain(
      '| background |  | ⚠ Error |  | no value for "service" |',
    );
    expect(detailsOf({ ...status, analyses: [failedStep('step 1')] }).match(/assessed Failed/g)).toHaveLength(
      1,
    );
  });

  describe('when there is very much to tell', () => {
    const long = 'ж'.repeat(2_000);
    const steps = Array.from({ length: 80 }, (_, index) => ({
      step: { kind: 'setWeight', weight: index } as const,
      mark: index < 40 ? ('done' as const) : index === 40 ? ('now' as const) : ('next' as const),
    }));
    const names = Array.from({ length: 10 }, (_, index) => `step ${index + 1}`);
    const full: RolloutStatus = {
      ...status,
      message: long,
      steps,
      analyses: names.map((name) =>
        analysed(name, {
          metrics: names.map((metricName) =>
            metric({ name: metricName + long, phase: 'Failed', message: long, count: 99 }),
          ),
        }),
      ),
      hooks: names.map((name) => ({ name, phase: 'pre', mark: 'failed', at: now, sentence: long })),
      log: Array.from({ length: 50 }, (_, index) => ({ at: now, text: `entry ${index} ${long}` })),
    };

    it('stays within 8 000 bytes, and keeps the newest entries of the log', () => {
      const text = detailsOf(full);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_000);
      expect(text).toContain('entry 49');
      expect(text).not.toContain('entry 0 ');
      expect(text).toMatch(/\n… \d+ more\n- .*entry/);
    });

    it('shows the steps about the present one', () => {
      const text = detailsOf({ ...status, steps });
      expect(text).toContain('| 41 | setWeight 40 | ◌ now |  |');
      expect(text).not.toContain('| 1 | ');
    });

    it('leaves out analyses that ended well before those that did not', () => {
      const wide = (name: string, phase: 'Successful' | 'Running') =>
        analysed(name, { phase, metrics: names.map((each) => metric({ name: each, phase })) });
      const analyses = [wide('older', 'Successful'), wide('old', 'Successful'), wide('now', 'Running')];
      const text = detailsOf({ ...status, analyses });
      expect(text).toContain('| now | step 1 |');
      expect(text).toContain('| old | step 1 |');
      expect(text).not.toContain('| older |');
    });
  });
});
