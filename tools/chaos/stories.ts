import { asDeployment } from '../../src/domain/apps';
import { replicas } from './manifests';
import { isBackFrom, isSettledAt, type Scene } from './scene';
import type { Stage } from './stage';
import type { StoryName } from './story-names';
import type { Expected } from './view';

/** A story that has been told: how it had to end, and which commits are people's. */
export interface Told {
  readonly expected: Expected;
  /** The last commit of people, and the revision whose content must be in effect. */
  readonly last: string;
  readonly wanted: string;
}

/** Tells what people do, and waits until Belay has done its part. */
export type Story = (scene: Scene, stage: Stage) => Promise<Told>;

const selectors = { web: { app: 'web' }, 'web-canary': { app: 'web' } };
const whole = { replicas, leastReady: replicas, selectors, ingresses: ['web'] } as const;

const good: Story = async (scene) => {
  const revision = await scene.push('v2');
  await scene.until('version 2 is out', isSettledAt(revision));
  return {
    expected: { ...whole, tag: 'v2', keepsFirst: false, newPods: replicas },
    ...{ last: revision, wanted: revision },
  };
};

const backFrom = ({ first }: Scene, bad: string): Told => ({
  expected: { ...whole, tag: 'v1', bad, keepsFirst: true },
  ...{ last: bad, wanted: first },
});

const bad: Story = async (scene) => {
  const revision = await scene.push('v2-broken');
  await scene.until('everything is back', isBackFrom(revision));
  return backFrom(scene, revision);
};

const abort: Story = async (scene, { client }) => {
  const revision = await scene.push('v2');
  await scene.waitFor('the canary waits for a person', async () => {
    const rollout = await scene.rollout();
    return rollout.spec.target.revision === revision && rollout.phase === 'Paused' ? true : undefined;
  });
  await scene.waitFor('the abort is taken', () =>
    client.abort(scene.name, { reason: 'it feels wrong' }).catch(async (error: unknown) => {
      // The answer of an earlier one may have been lost.
      if ((await scene.rollout()).failure === undefined) throw error;
      return true;
    }),
  );
  await scene.until('everything is back', isBackFrom(revision));
  return backFrom(scene, revision);
};

const drift: Story = async (scene, { kube }) => {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: scene.name, name: 'web' };
  const service = { apiVersion: 'v1', kind: 'Service', namespace: scene.name, name: 'web' };
  const byHand = { manager: 'kubectl' };
  await scene.waitFor('it is scaled by hand', () => kube.patch(ref, { spec: { replicas: 2 } }, byHand));
  await scene.waitFor('the Service is edited by hand', () =>
    kube.patch(service, { spec: { selector: { app: 'elsewhere' } } }, byHand),
  );
  await scene.waitFor('the size is healed', async () => {
    const live = await kube.get(ref);
    return live !== undefined && asDeployment(live).spec.replicas === replicas ? true : undefined;
  });
  await scene.until('it is well again', isSettledAt(scene.first));
  return {
    // Two pods went, and users had none while the Service selected nobody's: people did that.
    expected: { ...whole, tag: 'v1', keepsFirst: false, leastReady: 0 },
    ...{ last: scene.first, wanted: scene.first },
  };
};

export const stories: Readonly<Record<StoryName, Story>> = {
  'canary-good': good,
  'canary-bad': bad,
  abort,
  drift,
  'blue-green-good': good,
  'blue-green-bad': bad,
};
