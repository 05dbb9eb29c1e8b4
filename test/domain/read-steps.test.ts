import { readWorkloads } from '../../src/domain/read-rollout';
import { edit, objectsIn, rolloutText, told, valueOf, type BadRow } from './read-yaml';

const steps = `steps:
        - setWeight: 20
        - pause: { duration: 1m }
        - pause: {}`;

describe('good steps', () => {
  const read = (text: string) =>
    valueOf(readWorkloads(objectsIn(edit(rolloutText, steps, text)), 'shop')).workloads[0]?.strategy;

  test.each([
    [
      'weights at both ends',
      'steps: [{ setWeight: 0 }, { setWeight: 100 }]',
      [
        { kind: 'setWeight', weight: 0 },
        { kind: 'setWeight', weight: 100 },
      ],
    ],
    ['a pause for a person', 'steps: [{ pause: {} }]', [{ kind: 'pause' }]],
    ['a pause whose duration is empty', 'steps: [{ pause: { duration: } }]', [{ kind: 'pause' }]],
    ['a pause in seconds', 'steps: [{ pause: { duration: 10 } }]', [{ kind: 'pause', durationMs: 10_000 }]],
    [
      'a pause in seconds in quotes',
      'steps: [{ pause: { duration: "10" } }]',
      [{ kind: 'pause', durationMs: 10_000 }],
    ],
    [
      'a pause with units',
      'steps: [{ pause: { duration: 1h30m } }]',
      [{ kind: 'pause', durationMs: 5_400_000 }],
    ],
    ['a pause of nothing', 'steps: [{ pause: { duration: 0 } }]', [{ kind: 'pause', durationMs: 0 }]],
    [
      'a step beside an empty key',
      'steps: [{ setWeight: 5, analysis: null }]',
      [{ kind: 'setWeight', weight: 5 }],
    ],
    ['an empty list', 'steps: []', []],
    ['no list', 'steps:', []],
  ])('reads %s', (_name, text, expected) => {
    expect(read(text)).toMatchObject({ steps: expected });
  });
});

const rows: readonly BadRow[] = [
  [
    'a weight above 100',
    'setWeight: 20',
    'setWeight: 120',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setWeight: weight 120 of step 1 is above 100; write a whole number from 0 to 100',
  ],
  [
    'a weight below 0',
    'setWeight: 20',
    'setWeight: -1',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setWeight: weight -1 of step 1 is below 0; write a whole number from 0 to 100',
  ],
  [
    'a weight in quotes',
    'setWeight: 20',
    'setWeight: "20"',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setWeight: weight of step 1 must be a whole number, not "20"; write a whole number from 0 to 100',
  ],
  [
    'a weight with a fraction',
    'setWeight: 20',
    'setWeight: 12.5',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setWeight: weight of step 1 must be a whole number, not the number 12.5; write a whole number from 0 to 100',
  ],
  [
    'a weight that is missing',
    'setWeight: 20',
    'setWeight:',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0]: step 1 does nothing: setWeight is empty; write `setWeight: 20`, `pause: {duration: 5m}`, or `pause: {}` to wait for a person',
  ],
  [
    'a step with two keys',
    '- setWeight: 20',
    '- { setWeight: 20, pause: {} }',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0]: step 1 does 2 things: setWeight and pause; make each of them a step of its own',
  ],
  [
    'a step without a key',
    '- setWeight: 20',
    '- {}',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0]: step 1 does nothing; write `setWeight: 20`, `pause: {duration: 5m}`, or `pause: {}` to wait for a person',
  ],
  [
    'a step that is a word',
    '- setWeight: 20',
    '- pause',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0]: must be a map of fields, not a text; write its fields below it',
  ],
  [
    'a misspelt step',
    '- setWeight: 20',
    '- setWieght: 20',
    'UnknownField web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setWieght: unknown field; did you mean "setWeight"?',
  ],
  [
    'a step with a known and an unknown key',
    '- setWeight: 20',
    '- { setWeight: 20, weight: 30 }',
    'UnknownField web.yaml:26: Rollout web: spec.strategy.canary.steps[0].weight: unknown field; remove it',
  ],
  [
    'a pause that is a number',
    '- pause: {}',
    '- pause: 30',
    'InvalidSpec web.yaml:28: Rollout web: spec.strategy.canary.steps[2].pause: must be a map of fields, not the number 30; write `pause: {duration: 5m}`, or `pause: {}` to wait for a person',
  ],
  [
    'a pause without braces',
    '- pause: {}',
    '- pause:',
    'InvalidSpec web.yaml:28: Rollout web: spec.strategy.canary.steps[2]: step 3 does nothing: pause is empty; write `setWeight: 20`, `pause: {duration: 5m}`, or `pause: {}` to wait for a person',
  ],
  [
    'a pause with an unknown unit',
    'duration: 1m',
    'duration: 1 minute',
    'InvalidSpec web.yaml:27: Rollout web: spec.strategy.canary.steps[1].pause.duration: 1 minute is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
  ],
  [
    'a pause below 0',
    'duration: 1m',
    'duration: -5',
    'InvalidSpec web.yaml:27: Rollout web: spec.strategy.canary.steps[1].pause.duration: -5 is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
  ],
  [
    'a misspelt duration',
    'duration: 1m',
    'durations: 1m',
    'UnknownField web.yaml:27: Rollout web: spec.strategy.canary.steps[1].pause.durations: unknown field; did you mean "duration"?',
  ],
  [
    'an analysis step of a template that is not there',
    '- setWeight: 20',
    '- analysis: { templates: [{ templateName: success }] }',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].analysis.templates: there is no AnalysisTemplate success; add it beside the other manifests',
  ],
  [
    'an experiment step with nothing in it',
    '- setWeight: 20',
    '- experiment: {}',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].experiment.templates: is missing; write templates with a name and `specRef: stable` or `specRef: canary` each',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].experiment: nothing ends this experiment; write a duration, or `requiredForCompletion: true` at an analysis that ends by itself',
  ],
  [
    'a setCanaryScale step without a router',
    '- setWeight: 20',
    '- setCanaryScale: { replicas: 2 }',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setCanaryScale: a setCanaryScale step needs a traffic router; write trafficRouting, or remove it: weights are made by replica counts',
  ],
  [
    'a setHeaderRoute step without a router',
    '- setWeight: 20',
    '- setHeaderRoute: { name: x }',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setHeaderRoute: a setHeaderRoute step needs a traffic router; write trafficRouting, or remove it: weights are made by replica counts',
  ],
  [
    'a setMirrorRoute step without a router',
    '- setWeight: 20',
    '- setMirrorRoute: { name: x }',
    'InvalidSpec web.yaml:26: Rollout web: spec.strategy.canary.steps[0].setMirrorRoute: a setMirrorRoute step needs a traffic router; write trafficRouting, or remove it: weights are made by replica counts',
  ],
  [
    'a plugin step',
    '- setWeight: 20',
    '- plugin: { name: x }',
    'Unsupported web.yaml:26: Rollout web: spec.strategy.canary.steps[0].plugin: a plugin step is not supported yet; use an analysis step with a web or job metric',
  ],
  [
    'steps that are no list',
    steps,
    'steps: 20',
    'InvalidSpec web.yaml:25: Rollout web: spec.strategy.canary.steps: must be a list, not the number 20; write its items below it',
  ],
  [
    'two wrong steps at once',
    steps,
    'steps: [{ setWeight: 200 }, { pause: { duration: x } }]',
    'InvalidSpec web.yaml:25: Rollout web: spec.strategy.canary.steps[0].setWeight: weight 200 of step 1 is above 100; write a whole number from 0 to 100',
    'InvalidSpec web.yaml:25: Rollout web: spec.strategy.canary.steps[1].pause.duration: x is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(rolloutText, from, to)), 'shop'))).toEqual(expected);
});
