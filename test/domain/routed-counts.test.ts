import { routedCanaryCounts } from '../../src/domain/routed-counts';

/** replicas, wanted weight, weight that the router gives now => stable, canary. */
const rows: readonly (readonly [number, number, number, number, number])[] = [
  [10, 0, 0, 10, 0],
  [10, 20, 0, 10, 2],
  [10, 20, 20, 8, 2],
  [10, 80, 20, 8, 8],
  [10, 80, 80, 2, 8],
  [10, 20, 80, 8, 2],
  [10, 0, 80, 10, 0],
  [10, 100, 100, 0, 10],
  [10, 100, 99, 1, 10],
  [10, 99, 100, 1, 10],
  [10, 1, 1, 10, 1],
  [3, 33, 33, 3, 1],
  [3, 34, 34, 2, 2],
  [1, 50, 50, 1, 1],
  [1, 100, 0, 1, 1],
  [1, 100, 100, 0, 1],
  [0, 50, 50, 0, 0],
];

describe('the counts with dynamicStableScale', () => {
  it.each(rows)(
    '%i pods on the way to %i %% at %i %%: stable %i, canary %i',
    (replicas, weight, actualWeight, stable, canary) => {
      expect(routedCanaryCounts({ replicas, weight, dynamicStable: { actualWeight } })).toEqual({
        stable,
        canary,
      });
    },
  );

  it('of another whole weight', () => {
    const input = { replicas: 10, weight: 250, maxWeight: 1000, dynamicStable: { actualWeight: 250 } };
    expect(routedCanaryCounts(input)).toEqual({ stable: 8, canary: 3 });
  });

  it('of a full promotion follow the router, not the step', () => {
    const full = { replicas: 10, weight: 20, promoteFull: true };
    expect(routedCanaryCounts({ ...full, dynamicStable: { actualWeight: 20 } })).toEqual({
      stable: 8,
      canary: 10,
    });
    expect(routedCanaryCounts({ ...full, dynamicStable: { actualWeight: 100 } })).toEqual({
      stable: 0,
      canary: 10,
    });
  });

  it('of an abort make stable whole', () => {
    const aborted = { replicas: 10, weight: 80, isAborted: true, dynamicStable: { actualWeight: 80 } };
    expect(routedCanaryCounts(aborted)).toEqual({ stable: 10, canary: 0 });
  });

  it('never leave a side fewer pods than its share of the traffic needs, now or at the end', () => {
    for (const replicas of [1, 2, 3, 7, 10])
      for (let weight = 0; weight <= 100; weight++)
        for (let actualWeight = 0; actualWeight <= 100; actualWeight++) {
          const { stable, canary } = routedCanaryCounts({
            replicas,
            weight,
            dynamicStable: { actualWeight },
          });
          const most = Math.max(100 - weight, 100 - actualWeight);
          const isEnough = stable * 100 >= replicas * most && canary * 100 >= replicas * weight;
          if (!isEnough || stable > replicas)
            throw new Error(JSON.stringify({ replicas, weight, actualWeight, stable, canary }));
        }
  });
});
