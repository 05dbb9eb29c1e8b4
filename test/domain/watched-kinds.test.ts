import { baseKinds, mergeKinds } from '../../src/domain/watched-kinds';

const job = { apiVersion: 'batch/v1', kind: 'Job' };

describe('the kinds that are watched', () => {
  test('grow by what is new, once', () => {
    expect(mergeKinds(baseKinds, [job, job])).toEqual([...baseKinds, job]);
  });

  test('are the very same when nothing is new', () => {
    expect(mergeKinds(baseKinds, [])).toBe(baseKinds);
    expect(mergeKinds(baseKinds, [{ apiVersion: 'v1', kind: 'Service' }])).toBe(baseKinds);
  });

  test('are watched in the version that was told first', () => {
    const v2 = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
    expect(mergeKinds([v2], [{ ...v2, apiVersion: 'autoscaling/v1' }])).toEqual([v2]);
  });

  test('keep kinds of one name in two groups apart', () => {
    const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service' };
    expect(mergeKinds(baseKinds, [knative])).toContainEqual(knative);
  });
});
