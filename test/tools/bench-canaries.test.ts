import { argoRequests } from '../../bench/canaries/argo-requests';
import { seenOf } from '../../bench/canaries/argo-watch';
import type { Figures, Moved } from '../../bench/canaries/figures';
import { goals } from '../../bench/canaries/goals';
import { completions, firstStartAfter, sizeOf, type RolloutHistory } from '../../bench/canaries/history';
import { rolloutOf } from '../../bench/canaries/manifests';
import { readOptions } from '../../bench/canaries/options';
import { report } from '../../bench/canaries/report';
import { beyondPauses } from '../../bench/canaries/step-times';
import { readWorkloads } from '../../src/domain/read-rollout';

test('what a step takes is counted without its pause', () => {
  expect(beyondPauses([10_000, 11_250, 13_250])).toEqual([250, 1_000]);
  expect(beyondPauses([10_000])).toEqual([]);
});

const at = (milliseconds: number) => ({
  seconds: Math.floor(milliseconds / 1_000),
  nanos: (milliseconds % 1_000) * 1e6,
});
const history: RolloutHistory = [
  { eventId: 1, eventTime: at(500) },
  { eventId: 2, eventTime: at(1_000), workflowTaskCompletedEventAttributes: {} },
  {
    eventId: 3,
    eventTime: at(1_100),
    activityTaskScheduledEventAttributes: { activityType: { name: 'reachWeight' } },
  },
  {
    eventId: 4,
    eventTime: at(1_100),
    activityTaskScheduledEventAttributes: { activityType: { name: 'keepWeight' } },
  },
  { eventId: 5, eventTime: at(1_200), activityTaskStartedEventAttributes: {} },
  { eventId: 6, eventTime: at(1_300), activityTaskCompletedEventAttributes: { scheduledEventId: 4 } },
  { eventId: 7, eventTime: at(1_900), activityTaskStartedEventAttributes: {} },
  { eventId: 8, eventTime: at(2_500), activityTaskCompletedEventAttributes: { scheduledEventId: 3 } },
];

test('a history tells when activities of a type ended, when one began after a moment, and what it is made of', () => {
  expect(completions(history, 'reachWeight')).toEqual([2_500]);
  expect(firstStartAfter(history, 1_201)).toBe(1_900);
  expect(firstStartAfter(history, 2_000)).toBeUndefined();
  expect(sizeOf(history)).toEqual({ events: 8, activities: 2, tasks: 1 });
});

test('Argo Rollouts’ own requests are added up by verb and kind', () => {
  const text = `# TYPE controller_clientset_k8s_request_total counter
controller_clientset_k8s_request_total{kind="replicasets",name="a",namespace="canaries",status_code="200",verb="Update"} 3
controller_clientset_k8s_request_total{kind="replicasets",name="b",namespace="canaries",status_code="409",verb="Update"} 2
controller_clientset_k8s_request_total{kind="rollouts",name="a",namespace="canaries",status_code="200",verb="Patch"} 1e+01
controller_clientset_other{kind="rollouts",verb="Patch"} 4
`;
  expect(argoRequests(text)).toEqual({ 'update replicasets': 5, 'patch rollouts': 10 });
});

const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
const done = {
  phase: 'Healthy',
  currentPodHash: 'b',
  stableRS: 'b',
  observedGeneration: '2',
  currentStepIndex: 6,
};

test.each([
  ['it is at the newest template', 2, done, true],
  ['the newest template was not seen yet', 3, done, false],
  ['it is still Healthy at the old template', 2, { ...done, stableRS: 'a' }, false],
  ['it is not Healthy', 2, { ...done, phase: 'Progressing' }, false],
  ['it has said nothing', 1, undefined, false],
])('a Rollout of Argo Rollouts is done by its status: %s', (_what, generation, status, isHealthy) => {
  const object = { ...rollout, metadata: { name: 'a', generation }, ...(status && { status }) };
  expect(seenOf(object).isHealthy).toBe(isHealthy);
});

test('Belay reads the Rollout that Argo Rollouts is given', () => {
  const object = rolloutOf('canary-0001', { version: 2, replicas: 4 });
  const read = readWorkloads([{ object, file: 'rollout.yaml', line: () => 1 } as never], 'canaries');
  expect(read.ok && read.value.workloads.map(({ name, replicas }) => [name, replicas])).toEqual([
    ['canary-0001', 4],
  ]);
});

const moved: Moved = {
  system: 'Belay',
  seconds: 50,
  half: 30,
  cpu: { controller: 31, temporal: 20 },
  peak: 390,
  requests: { 'patch deployments': 50 },
  all: { PATCH: 60 },
  steps: [100, 200],
  load: [1, 2],
};
const figures: Figures = {
  number: 200,
  replicas: 4,
  machine: { cpus: 2, model: 'one', load: [0.5, 1.25] },
  belay: [moved],
  argo: [
    { ...moved, system: 'Argo', seconds: 100, cpu: { controller: 62 }, requests: { a: 200 } },
    { ...moved, system: 'Argo, quick', requests: { a: 100 } },
  ],
  killed: { canaries: 20, next: [1_000, 4_000, 2_000], startSeconds: 1.5, seconds: 9 },
  failures: [],
};

test('goals are met or missed by what was measured, and requests are compared with the fewest of Argo Rollouts', () => {
  expect(goals(figures).map(({ what, measured, isMet }) => [what, measured, isMet])).toEqual([
    ['Belay: all Healthy after', '50.0 s', true],
    ['Belay: CPU of the worker', '31.0 s', false],
    ['Belay: memory of the worker', '390.0 MiB', true],
    ['Belay: requests, of the fewest of Argo Rollouts', '0.50', true],
    ['a worker is back → the next activity, p50', '2.00 s', true],
  ]);
});

test('time and processor time are goals of 200 canaries of 4 pods alone', () => {
  const judged = (part: Partial<Figures>) => goals({ ...figures, ...part }).map(({ what }) => what);
  expect(judged({ number: 20 })).not.toContain('Belay: all Healthy after');
  expect(judged({ replicas: 1 })).not.toContain('Belay: CPU of the worker');
});

test('the report has ratios of one run only, and says the load beside each system', () => {
  const text = report(figures);
  expect(text).toContain('| Belay : Argo | 0.50 | 0.50 | 1.00 | 0.25 | 1.00 |');
  expect(text).toContain('| load average, start and end | 1.0, 2.0 |');
  const alone = report({ ...figures, argo: [], failures: ['idleness: no room'] });
  expect(alone).toContain('Argo Rollouts was not run');
  expect(alone).not.toContain('ratio, of this run');
  expect(alone).toContain('Not measured: idleness: no room');
});

test.each([
  [['--number', '0'], '--number 0 is not a whole number of at least 1'],
  [['--shape', 'three'], '--shape three is none of one, many, both'],
  [['--database', 'disk'], '--database disk is neither file nor memory'],
  [['--argo', 'program'], '--argo needs --crds'],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence);
});

test('Argo Rollouts may be named by the environment, and no cluster can be', () => {
  const read = readOptions([], { ARGO_ROLLOUTS: 'a', ARGO_ROLLOUTS_CRDS: 'b' });
  expect(read).toMatchObject({ number: 200, replicas: 4, argo: { program: 'a', crds: 'b' } });
  expect(() => readOptions(['--kubeconfig', 'file'])).toThrow("Unknown option '--kubeconfig'");
});
