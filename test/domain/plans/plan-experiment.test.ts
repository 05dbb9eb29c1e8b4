import type { DeploymentObject } from '../../../src/domain/apps';
import { viewExperiments } from '../../../src/domain/experiment-view';
import type { KubeObject } from '../../../src/domain/kube-object';
import { marks } from '../../../src/domain/marks';
import { planExperiment, planExperimentEnd, planRunning } from '../../../src/domain/plans/plan-experiment';
import { viewWorkload } from '../../../src/domain/rollout-view';
import type { ExperimentTemplate } from '../../../src/domain/strategy';
import {
  canary,
  context,
  deployment,
  pods,
  replicaSet,
  statusOf,
  type Built,
} from '../../support/view-builder';
import { actionsOf, told } from '../../support/view-told';

const template = (name: string, specRef: 'stable' | 'canary', replicas = 1): ExperimentTemplate => ({
  name,
  specRef,
  replicas,
  labels: {},
  annotations: {},
});
const goal = {
  step: 2,
  experiment: { templates: [template('base', 'stable'), template('next', 'canary', 2)] },
};
const stable = deployment('web', 4);
const web = [stable, canary(1)];

/** A Deployment of the experiment, whose pods are available. */
function own(name: string, replicas: number, id = `r2-2-${name}`): Built<DeploymentObject> {
  return deployment(`web-2-${name}`, replicas).labels({
    [marks.experimentOf]: 'web',
    [marks.experiment]: id,
    [marks.rollout]: 'r2',
  });
}

function look(built: readonly Built<KubeObject>[]) {
  const objects = (kind: string): readonly KubeObject[] =>
    built.map(({ object }) => object).filter((object) => object.kind === kind);
  return { view: viewWorkload(objects, 'web'), own: viewExperiments(objects) };
}

describe('the start of an experiment', () => {
  test.each<[string, readonly Built<KubeObject>[], readonly string[]]>([
    [
      'stops when the workload is gone',
      [],
      [
        'WorkloadMissing: Deployment web is gone; somebody deleted it during the rollout: sync the application to make it anew',
      ],
    ],
    [
      'stops when the canary is gone: its template is the new version’s',
      [stable],
      ['CanaryMissing: Deployment web-canary was deleted by somebody during the rollout'],
    ],
    [
      'creates a Deployment for each template, with no pods',
      web,
      ['create web-2-base with no pods', 'create web-2-next with no pods'],
    ],
    [
      'gives pods to those that are there, and creates the rest',
      [...web, own('base', 0)],
      ['scale web-2-base to 1', 'create web-2-next with no pods'],
    ],
    [
      'waits until all are available',
      [...web, own('base', 1).status(statusOf(1, 0)), own('next', 2).status(statusOf(2, 1))],
      ['wait for 1 pods of web-2-base to be available (0 are), 2 pods of web-2-next to be available (1 are)'],
    ],
    [
      'does not believe a status that is older than the size',
      [...web, own('base', 1).meta({ generation: 2 }), own('next', 2)],
      ['wait for 1 pods of web-2-base to be available (0 are)'],
    ],
    ['is done when all are available', [...web, own('base', 1), own('next', 2)], ['done']],
    [
      'leaves a Deployment of somebody else alone',
      [...web, deployment('web-2-base', 1), own('next', 2)],
      [
        'OwnedByAnother: a Deployment web-2-base exists that is not an experiment of web; rename or delete it, then retry',
      ],
    ],
    [
      'removes what an earlier rollout has left',
      [...web, own('base', 1, 'r1-2-base'), own('next', 2)],
      ['delete web-2-base, of an earlier rollout'],
    ],
    [
      'waits for one that is being deleted',
      [...web, own('base', 1).going(), own('next', 2)],
      ['wait for web-2-base, which is being deleted, to go'],
    ],
  ])('%s', (_name, objects, next) => {
    expect(told(planExperiment(look(objects), context(), goal))).toEqual(next);
  });

  test('writes sizes fenced, with the resourceVersion that was seen', () => {
    const [action] = actionsOf(
      planExperiment(look([...web, own('base', 0), own('next', 2)]), context(), goal),
    );
    expect(action).toMatchObject({
      kind: 'patch',
      patch: {
        metadata: { resourceVersion: '10', annotations: { [marks.fence]: '20001' } },
        spec: { replicas: 1 },
      },
    });
  });
});

describe('a running experiment', () => {
  test.each<[string, readonly Built<KubeObject>[], readonly string[]]>([
    ['goes on', [...web, own('base', 1), own('next', 2)], ['wait for the experiment to end']],
    [
      'has failed when somebody deletes one of its Deployments',
      [...web, own('base', 1), own('next', 2).going()],
      ['ExperimentMissing: Deployment web-2-next was deleted by somebody during its experiment'],
    ],
  ])('%s', (_name, objects, next) => {
    expect(told(planRunning(look(objects), context(), goal))).toEqual(next);
  });
});

describe('the end of an experiment', () => {
  const later = own('base', 1, 'r2-3-base').meta({ name: 'web-3-base' });
  const set = replicaSet('e', 1).labels({ [marks.experiment]: 'r2-2-base' });
  const [pod] = pods(set, 1).map((each) => each.labels({ [marks.experiment]: 'r2-2-base' }));
  if (pod === undefined) throw new Error('a ReplicaSet of one has a pod');

  test.each<[string, readonly Built<KubeObject>[], number | undefined, readonly string[]]>([
    ['is done when nothing is left', web, 2, ['done']],
    [
      'deletes what belongs to its step alone',
      [...web, own('base', 1), own('next', 2), later],
      2,
      ['delete web-2-base, whose experiment is over', 'delete web-2-next, whose experiment is over'],
    ],
    [
      'of the whole rollout deletes that of every step',
      [...web, own('base', 1), later],
      undefined,
      ['delete web-2-base, whose experiment is over', 'delete web-3-base, whose experiment is over'],
    ],
    ['leaves that of other rollouts alone', [...web, own('base', 1, 'r3-2-base')], undefined, ['done']],
    [
      'waits for what is on its way',
      [...web, own('base', 1).going(), set, pod],
      2,
      ['wait for web-2-base, web-e, e-1 to go'],
    ],
    ['does not wait for pods that take their time to end', [...web, pod.going()], 2, ['done']],
  ])('%s', (_name, objects, step, next) => {
    expect(told(planExperimentEnd(look(objects).own, context(), step))).toEqual(next);
  });
});
