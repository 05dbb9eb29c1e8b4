import { restartsDue, restartsLeft } from '../../src/domain/restarts';
import { deployed, now, revision, state, wanted } from '../support/view-application';

const soon = '2026-03-01T04:00:00Z';
const late = '2026-03-01T05:30:00+01:00';
const past = '2026-03-01T02:00:00Z';
const known = { web: deployed('v1'), api: deployed('v1') };

describe('a restart that Git asks for', () => {
  test.each<[string, Parameters<typeof wanted>[2], Parameters<typeof deployed>[1], readonly string[]]>([
    ['is left until it has been carried out', { restartAt: past }, {}, [past]],
    ['is carried out once', { restartAt: past }, { restartedAt: past }, []],
    ['is left again with another stamp', { restartAt: soon }, { restartedAt: past }, [soon]],
    ['is none without a stamp', {}, { restartedAt: past }, []],
    ['waits for a first deployment', { restartAt: past }, { healthy: false }, []],
  ])('%s', (_name, plan, at, left) => {
    const application = state({ workloads: { web: deployed('v1', at) } });
    const found = restartsLeft(application, revision(wanted('web', 'v1', plan)));
    expect(found.map(({ stamp }) => stamp)).toEqual(left);
  });

  test('is none of a workload that was never deployed', () => {
    expect(restartsLeft(state(), revision(wanted('web', 'v1', { restartAt: past })))).toEqual([]);
  });

  test('comes in the order of the moments, whatever their time zone', () => {
    const plan = revision(wanted('web', 'v1', { restartAt: late }), wanted('api', 'v1', { restartAt: soon }));
    expect(
      restartsLeft(state({ workloads: known }), plan).map(({ at, workload }) => [workload.name, at]),
    ).toEqual([
      ['api', Date.parse('2026-03-01T04:00:00Z')],
      ['web', Date.parse('2026-03-01T04:30:00Z')],
    ]);
  });

  test('is due from its moment on', () => {
    const plan = revision(wanted('api', 'v1', { restartAt: soon }), wanted('web', 'v1', { restartAt: past }));
    const dueAt = (ms: number): readonly string[] =>
      restartsDue(state({ workloads: known }), plan, ms).map(({ workload }) => workload.name);
    expect(dueAt(now)).toEqual(['web']);
    expect(dueAt(Date.parse(soon) - 1)).toEqual(['web']);
    expect(dueAt(Date.parse(soon))).toEqual(['web', 'api']);
    expect(dueAt(Date.parse(past) - 1)).toEqual([]);
  });
});
