import { keepApart } from '../../src/domain/anti-affinity';
import { composeDeployment } from '../../src/domain/compose';
import type { AntiAffinity } from '../../src/domain/strategy';
import { deployment } from '../support/view-builder';

const selector = { matchLabels: { app: 'web' } };
const around = { selector, rolloutId: 'r2' };
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const term = {
  labelSelector: {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'belay.dev/rollout', operator: 'NotIn', values: ['r2'] }],
  },
  topologyKey: 'kubernetes.io/hostname',
};
const own = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'zone' };

describe('the rule that keeps versions apart', () => {
  it.each<readonly [string, AntiAffinity, object]>([
    ['required', { kind: 'required' }, { [required]: [term] }],
    [
      'preferred with a weight',
      { kind: 'preferred', weight: 7 },
      { [preferred]: [{ weight: 7, podAffinityTerm: term }] },
    ],
  ])('is %s', (_name, rule, podAntiAffinity) => {
    expect(keepApart({ nodeName: 'n' }, rule, around)).toEqual({
      nodeName: 'n',
      affinity: { podAntiAffinity },
    });
  });

  it("stands beside Git's own rules", () => {
    const spec = {
      affinity: { nodeAffinity: { a: 1 }, podAntiAffinity: { [required]: [own], [preferred]: [] } },
    };
    expect(keepApart(spec, { kind: 'required' }, around)).toEqual({
      affinity: { nodeAffinity: { a: 1 }, podAntiAffinity: { [required]: [own, term], [preferred]: [] } },
    });
    expect(spec.affinity.podAntiAffinity[required]).toEqual([own]);
  });

  it("keeps the selector's own expressions", () => {
    const expression = { key: 'tier', operator: 'Exists' };
    const kept = keepApart(
      {},
      { kind: 'required' },
      { ...around, selector: { ...selector, matchExpressions: [expression] } },
    );
    expect(kept).toMatchObject({
      affinity: {
        podAntiAffinity: { [required]: [{ labelSelector: { matchExpressions: [expression, {}] } }] },
      },
    });
  });

  it.each([null, 'text', undefined])('may replace an affinity that is %s', (affinity) => {
    expect(keepApart({ affinity }, { kind: 'required' }, around)).toEqual({
      affinity: { podAntiAffinity: { [required]: [term] } },
    });
  });

  it("is the same in stable's template and the canary's, so that stable can adopt the pods", () => {
    const git = deployment('web', 4).object;
    const compose = (paused: boolean, replicas: number) =>
      composeDeployment(git, {
        application: 'shop',
        namespace: 'shop',
        rolloutId: 'r2',
        configNames: {},
        paused,
        replicas,
        antiAffinity: { kind: 'required' },
      });
    expect(compose(true, 0).spec.template).toEqual(compose(false, 4).spec.template);
    expect(compose(true, 0).spec.template.spec['affinity']).toBeDefined();
    expect(compose(true, 0).spec.template.metadata?.labels).toMatchObject({ 'belay.dev/rollout': 'r2' });
  });
});
