import { readApplicationFile } from '../../src/adapters/manifests/read-application-file';
import { asDeployment } from '../../src/domain/apps';
import { callApi } from '../local/api';
import { readCredentials } from '../local/pki';
import { healthyAt, isOnlyWeb, type Play } from './checks';
import { applicationYaml, configYaml, rolloutYaml, serviceYaml } from './manifests';
import type { DemoRepository } from './repository';
import type { Stage } from './stage';
import type { Timeline } from './timeline';

/** Writes version 1 to Git and delivers it; answers its revision. */
export async function firstVersion(
  stage: Stage,
  repository: DemoRepository,
  time: Timeline,
): Promise<string> {
  time.chapter(
    '1. A repository with k8-manifests/ (a Rollout, a Service, a ConfigMap) becomes an application',
  );
  const revision = repository.push('Deploy v1', {
    'rollout.yaml': rolloutYaml({ tag: 'v1' }),
    'service.yaml': serviceYaml,
    'config.yaml': configYaml('hello'),
  });
  const read = readApplicationFile(applicationYaml(repository.url), 'application.yaml');
  const [spec] = read.ok ? read.value : [];
  if (spec === undefined) throw new Error('the demo application does not read');
  time.start('belay app create -f application.yaml');
  await stage.client.createApplication(spec);
  const status = await stage.client.waitFor(
    'shop',
    ({ health, sync, operation }) => health === 'Healthy' && sync === 'Synced' && operation === undefined,
    { timeoutMs: 60_000 },
  );
  time.event(`Healthy at ${revision.slice(0, 7)}`);
  time.check(
    'the application is Synced and Healthy at the pushed revision',
    status.state.synced === revision,
    status.state.synced,
  );
  return revision;
}

/** A good push: canary, promotion, no pod restarted. */
export async function goodPush({ repository, cast, time }: Play): Promise<void> {
  time.chapter('2. git push of v2: a canary of 20, 50, 100 %, then promoted');
  cast.mark();
  const before = cast.readyPods().length;
  const revision = repository.push('Deploy v2', { 'rollout.yaml': rolloutYaml({ tag: 'v2' }) });
  time.start('pushed v2');
  for (const weight of [20, 50, 100]) {
    await cast.until(`weight ${weight} is reached`, async () => {
      const rollout = await cast.rollout();
      return rollout?.spec.target.revision === revision && rollout.weight >= weight;
    });
    const ready = cast.readyPods().map((name) => JSON.stringify(cast.everSeen.get(name)?.['spec']));
    const share = Math.round((100 * ready.filter((spec) => spec.includes('web:v2')).length) / ready.length);
    time.event(`canary at ${weight} %`);
    time.check(`about ${weight} % of the ready pods are of v2`, Math.abs(share - weight) <= 12, `${share} %`);
  }
  const status = await healthyAt({ cast }, revision);
  time.event('promoted');
  const v2 = [...cast.everSeen.values()].filter((pod) => JSON.stringify(pod['spec']).includes('web:v2'));
  time.check(
    'not one pod was restarted by the promotion: five pods of v2 were ever started',
    v2.length === 5,
    v2.length,
  );
  time.check(
    `at no moment fewer ready endpoints than before (${before})`,
    cast.lowest() >= before,
    cast.lowest(),
  );
  time.check('no canary object is left', isOnlyWeb(cast), cast.deployments());
  time.check('Healthy at the pushed revision', status.state.synced === revision, status.state.synced);
}

/** Drift by hand. */
export async function scaleByHand({ stage, cast, time }: Play): Promise<void> {
  time.chapter('4. kubectl scale deployment web --replicas=2, by hand');
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
  await scaleAsKubectl(stage, 2);
  time.start('scaled to 2');
  await cast.until('it is healed', async () => {
    const live = await stage.kube.get(ref);
    return live !== undefined && asDeployment(live).spec.replicas === 5;
  });
  time.event('healed: 5 again');
  await cast.until('five pods are ready', () => cast.readyPods().length === 5);
  time.check('five pods are ready again', cast.readyPods().length === 5);
}

/** What `kubectl scale` sends: the scale subresource, by the field manager kubectl. */
async function scaleAsKubectl({ cluster }: Stage, replicas: number): Promise<void> {
  const path = '/apis/apps/v1/namespaces/shop/deployments/web/scale?fieldManager=kubectl';
  const metadata = { name: 'web', namespace: 'shop' };
  const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } };
  const { status } = await callApi(cluster.server, await readCredentials(cluster.dir), 'PUT', path, body);
  if (status >= 300) throw new Error(`cannot scale: the API server answered ${status}`);
}
