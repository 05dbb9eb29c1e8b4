import type { ApplicationState, Quarantine } from '../../src/domain/application-state';
import { decideSync, supersedes } from '../../src/domain/decide-sync';
import { deployed, entry, now, revision, state, wanted } from '../support/view-application';

const quarantine: Quarantine = { revision: 'd'.repeat(40), workload: 'web', reason: 'ImagePull', at: now };
const runs = (version: string, more: Parameters<typeof deployed>[1] = {}) => ({
  web: deployed(version, more),
});

describe('what a sync does with a workload', () => {
  const settled = { kind: 'settled' };
  const rolling = (pace: string): object => ({ kind: 'rolling', pace });
  const rows: readonly (readonly [string, Partial<ApplicationState>, object, boolean?])[] = [
    ['never deployed: first deployment', {}, rolling('initial')],
    ['its version runs: settled', { workloads: runs('v2') }, settled],
    [
      'its version came by a rollout: settled with its label',
      { workloads: runs('v2', { rolloutId: 'r7' }) },
      { kind: 'settled', rolloutId: 'r7' },
    ],
    ['another version runs: a rollout by steps', { workloads: runs('v1') }, rolling('steps')],
    [
      'its version never became healthy: deployed anew',
      { workloads: runs('v2', { healthy: false }) },
      rolling('initial'),
    ],
    [
      'nothing healthy to protect: no steps',
      { workloads: runs('v1', { healthy: false }) },
      rolling('initial'),
    ],
    ['its Deployment is gone: deployed anew', { workloads: runs('v2') }, rolling('initial'), false],
    [
      'it was promoted before: a fast rollout',
      { workloads: runs('v3'), history: [entry('promoted', { web: 'v2' })] },
      rolling('fast'),
    ],
    [
      'it was synced before: a fast rollout',
      { workloads: runs('v3'), history: [entry('failed'), entry('synced', { web: 'v2' })] },
      rolling('fast'),
    ],
    [
      'it failed before and is not in quarantine any more: by steps',
      { workloads: runs('v3'), history: [entry('failed', { web: 'v2' })] },
      rolling('steps'),
    ],
    [
      'only another workload had that version before: by steps',
      { workloads: runs('v3'), history: [entry('promoted', { api: 'v2' })] },
      rolling('steps'),
    ],
    [
      'it runs although it is in quarantine: settled',
      { workloads: runs('v2'), quarantine: { v2: quarantine } },
      settled,
    ],
    [
      'another version is in quarantine: by steps',
      { workloads: runs('v1'), quarantine: { v3: quarantine } },
      rolling('steps'),
    ],
  ];
  it.each(rows.map(([name, ...row]) => [name, row] as const))(
    '%s',
    (_name, [known, treatment, exists = true]) => {
      const plan = revision(wanted('web', 'v2', { exists }));
      expect(decideSync(state(known), plan)).toEqual({
        kind: 'sync',
        treatments: { web: treatment },
        rolling: 'pace' in treatment ? plan.workloads : [],
      });
    },
  );

  it('refuses a revision with one version in quarantine as a whole', () => {
    const known = state({
      workloads: { api: deployed('v1'), web: deployed('v1') },
      quarantine: { v2: quarantine },
    });
    const plan = revision(wanted('api', 'v9'), wanted('web', 'v2'));
    expect(decideSync(known, plan)).toEqual({ kind: 'quarantined', quarantine, version: 'v2' });
  });

  it('refuses a version in quarantine whose Deployment somebody deleted', () => {
    const known = state({ workloads: runs('v2'), quarantine: { v2: quarantine } });
    expect(decideSync(known, revision(wanted('web', 'v2', { exists: false })))).toMatchObject({
      kind: 'quarantined',
    });
  });

  it('has nothing to roll in a revision without workloads', () => {
    expect(decideSync(state(), revision())).toEqual({ kind: 'sync', treatments: {}, rolling: [] });
  });
});

describe('rollbackWindow', () => {
  const history = ['v5', 'v4', 'v3', 'v2', 'v1'].map((version) => entry('promoted', { web: version }));
  const paceTo = (
    version: string,
    rollbackWindow?: number,
    more: Partial<ApplicationState> = {},
  ): unknown => {
    const strategy = {
      kind: 'canary' as const,
      steps: [],
      maxSurge: 1,
      maxUnavailable: 0,
      scaleDownDelayMs: 0,
      ...(rollbackWindow === undefined ? {} : { rollbackWindow }),
    };
    const known = state({ workloads: runs('v5'), history, ...more });
    const decision = decideSync(known, revision(wanted('web', version, { strategy })));
    return decision.kind === 'sync' ? decision.treatments['web'] : decision;
  };
  const pace = (name: string): object => ({ kind: 'rolling', pace: name });

  it.each<readonly [string, string, number | undefined, string]>([
    ['no window: the oldest version of the history is quick', 'v1', undefined, 'fast'],
    ['window 1: the version before is quick', 'v4', 1, 'fast'],
    ['window 1: the one before that is not', 'v3', 1, 'steps'],
    ['window 3: three back is quick', 'v2', 3, 'fast'],
    ['window 3: four back is not', 'v1', 3, 'steps'],
    ['window 0: none is', 'v4', 0, 'steps'],
    ['a version that never was is not', 'v9', 3, 'steps'],
  ])('%s', (_name, version, window, expected) => {
    expect(paceTo(version, window)).toEqual(pace(expected));
  });

  it('counts versions, not lines of the history', () => {
    const syncs = entry('synced', { web: 'v4' });
    const failed = entry('failed', { web: 'v6' });
    expect(
      paceTo('v3', 2, { history: [entry('synced', { web: 'v5' }), failed, syncs, syncs, ...history] }),
    ).toEqual(pace('fast'));
    expect(paceTo('v2', 2, { history: [failed, syncs, syncs, ...history] })).toEqual(pace('steps'));
  });

  it('does not count lines that say nothing of the workload', () => {
    const others = [entry('promoted', { api: 'v8' }), entry('promoted', { api: 'v9' })];
    expect(paceTo('v4', 1, { history: [...others, ...history] })).toEqual(pace('fast'));
  });
});

describe('a newer revision', () => {
  it.each([
    ['with the same versions lets rollouts go on', revision(wanted('web', 'v2')), false],
    [
      'with other workloads besides lets them go on',
      revision(wanted('web', 'v2'), wanted('api', 'v1')),
      false,
    ],
    ['with another version supersedes', revision(wanted('web', 'v3')), true],
    ['without the workload supersedes', revision(wanted('api', 'v2')), true],
  ])('%s', (_name, newer, expected) => {
    expect(supersedes(newer, [wanted('web', 'v2')])).toBe(expected);
  });

  it('supersedes nothing when nothing is in flight', () => {
    expect(supersedes(revision(wanted('web', 'v3')), [])).toBe(false);
  });
});
