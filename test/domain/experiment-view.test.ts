import { asDeployment } from '../../src/domain/apps';
import {
  composeExperiment,
  experimentId,
  experimentName,
  fillTemplates,
  isIdOf,
  podsByTemplate,
  viewExperiments,
} from '../../src/domain/experiment-view';
import { marks } from '../../src/domain/marks';
import { planWeight } from '../../src/domain/plans/plan-weight';
import { currentReplicaSet, podsOf, replicaSetOf, lackingEndpoints } from '../../src/domain/rollout-view';
import {
  canary,
  context,
  deployment,
  pods,
  replicaSet,
  service,
  slice,
  template,
  view,
} from '../support/view-builder';

const wanted = {
  name: 'next',
  specRef: 'canary',
  replicas: 2,
  labels: { role: 'trial' },
  annotations: { a: 'b' },
} as const;
const about = { application: 'shop', rolloutId: 'r2', fence: 20_001, step: 2 };

describe('the Deployment of a template', () => {
  const stable = deployment('web', 4).spec({ minReadySeconds: 5, paused: true }).object;
  const composed = asDeployment(composeExperiment(stable, template('r2'), wanted, about));

  test('is selected by its own id, and starts with no pods', () => {
    expect(composed.metadata).toMatchObject({ name: 'web-2-next', namespace: 'shop' });
    expect(composed.spec.selector).toEqual({ matchLabels: { [marks.experiment]: 'r2-2-next' } });
    expect(composed.spec).toMatchObject({ replicas: 0, minReadySeconds: 5 });
    expect(composed.spec).not.toHaveProperty('paused');
  });

  test('has pods with the workload’s labels and its own, but not those of a rollout: a canary’s selector has that', () => {
    expect(composed.spec.template.metadata).toEqual({
      labels: { app: 'web', role: 'trial', [marks.experiment]: 'r2-2-next' },
      annotations: { a: 'b' },
    });
    expect(composed.spec.template.spec).toEqual(template('r2').spec);
  });

  test('keeps its own id whatever labels the template asks for', () => {
    const labels = { [marks.experiment]: 'theirs' };
    const { metadata } = asDeployment(composeExperiment(stable, template(), { ...wanted, labels }, about))
      .spec.template;
    expect(metadata?.labels?.[marks.experiment]).toBe('r2-2-next');
  });
});

describe('names', () => {
  test('of long templates are cut and stay apart, and still tell their rollout and step', () => {
    const ids = ['a', 'b'].map((last) => experimentId('r2-abcdef12', 2, 't'.repeat(60) + last));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) {
      expect(id.length).toBeLessThanOrEqual(63);
      expect(isIdOf(id, 'r2-abcdef12', 2)).toBe(true);
    }
    expect(experimentName('web', 2, 'Base_Line')).toMatch(/^web-2-base-line-[a-z0-9]+$/);
  });

  test.each([
    ['r2-abc-2-base', 2, true],
    ['r2-abc-2-base', undefined, true],
    ['r2-abc-12-base', 1, false],
    ['r2-abc-12-base', 2, false],
    ['r2-abcd-2-base', undefined, false],
    [undefined, undefined, false],
  ])('%s is of the rollout r2-abc, step %s: %s', (id, step, expected) => {
    expect(isIdOf(id, 'r2-abc', step)).toBe(expected);
  });
});

describe('pods of an experiment', () => {
  const id = { [marks.experiment]: 'r2-2-next' };
  const stable = deployment('web', 4);
  const next = canary(1);
  const set = replicaSet('a', 4).ownedBy(stable);
  const canarySet = replicaSet('b', 1, 'r2').ownedBy(next);
  const trial = replicaSet('e', 2).labels(id);
  const inTemplate = { ...trial.object.spec.template, metadata: { labels: { app: 'web', ...id } } };
  const trialSet = trial.spec({ template: inTemplate });
  const trialPods = pods(trialSet, 2, false).map((each) => each.labels(id));
  const running = [...pods(set, 4), ...pods(canarySet, 1)];
  const seen = view(
    stable,
    next,
    set,
    canarySet,
    trialSet,
    ...running,
    ...trialPods,
    service('web'),
    slice('web', running),
  );

  test('are pods of no version', () => {
    expect(seen.pods).toHaveLength(5);
    expect(podsOf(seen, currentReplicaSet(seen, seen.stable))).toHaveLength(4);
    expect(podsOf(seen, replicaSetOf(seen, 'r2'))).toHaveLength(1);
    expect(lackingEndpoints(seen, currentReplicaSet(seen, seen.stable), 4)).toEqual([]);
  });

  test('change nothing in the counts of a step', () => {
    const goal = { weight: 20, strategy: { maxSurge: 1, maxUnavailable: 0 } };
    const without = view(stable, next, set, canarySet, ...running, service('web'), slice('web', running));
    expect(planWeight(seen, context(), goal)).toEqual(planWeight(without, context(), goal));
  });

  test('are what analyses may ask of', () => {
    const own = viewExperiments((kind) => (kind === 'ReplicaSet' ? [trialSet.object] : []));
    expect(podsByTemplate(own, [{ name: 'next' }, { name: 'gone' }], { rolloutId: 'r2', step: 2 })).toEqual({
      next: { hash: 'e', replicaSet: 'web-e' },
    });
  });
});

test.each([
  ['{{templates.next.podTemplateHash}}', 'e'],
  ['{{ templates.next.podTemplateHash }}', 'e'],
  ['pod=~"{{templates.next.replicaset.name}}-.*"', 'pod=~"web-e-.*"'],
  ['{{templates.other.podTemplateHash}}', '{{templates.other.podTemplateHash}}'],
  ['{{templates.constructor.podTemplateHash}}', '{{templates.constructor.podTemplateHash}}'],
  ['{{args.x}} {{templates.next.color}}', '{{args.x}} {{templates.next.color}}'],
])('an argument %s becomes %s', (text, filled) => {
  expect(fillTemplates(text, { next: { hash: 'e', replicaSet: 'web-e' } })).toBe(filled);
});
