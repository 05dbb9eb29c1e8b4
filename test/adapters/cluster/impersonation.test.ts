import { KubeConfig } from '@kubernetes/client-node';
import { createCluster } from '../../../src/adapters/cluster/cluster';
import type { Connection } from '../../../src/adapters/cluster/connection';
import type { KubeObject } from '../../../src/domain/kube-object';
import { isPortError } from '../../../src/ports/port-error';
import { connectAs, limitedToken } from '../../support/cluster-access';
import { startLab, type Lab } from '../../support/cluster-lab';
import { addDeployer } from '../../support/deployer';
import { until } from '../../support/until';

const manager = 'test';
const configMap = (name: string, namespace: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
});

let lab: Lab;
let own: string;
let foreign: string;
let user: string;
beforeAll(async () => {
  lab = await startLab();
  [own, foreign] = [await lab.namespace(), await lab.namespace()];
  user = await addDeployer(lab.kube, own);
  // The bootstrap of RBAC fills the role `admin` a moment after the server answers.
  await until('the account may write', () =>
    lab.kube
      .as(user)
      .create(configMap('probe', own), { manager, dryRun: true })
      .catch(() => undefined),
  );
});
afterAll(async () => {
  lab.kube.close();
  await lab.stop();
});

describe('acting as a ServiceAccount', () => {
  it('may do what the account may', async () => {
    const made = await lab.kube.as(user).apply(configMap('mine', own), { manager });
    expect(made.metadata.uid).toBeDefined();
  });

  it('is refused what the account may not, with the words of the API server', async () => {
    const refused = lab.kube.as(user).apply(configMap('theirs', foreign), { manager });
    await expect(refused).rejects.toMatchObject({ code: 'Forbidden', retry: 'never' });
    await expect(refused).rejects.toThrow(
      `User "${user}" cannot patch resource "configmaps" in API group "" in the namespace "${foreign}"`,
    );
    expect(
      await lab.kube.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: foreign, name: 'theirs' }),
    ).toBe(undefined);
  });

  it('watches as the account, too', async () => {
    const views = [own, foreign].map((namespace) => lab.kube.as(user).view(namespace, ['Deployment', 'Pod']));
    const [mine, theirs] = await Promise.allSettled(views.map((each) => each.ready()));
    expect(mine?.status).toBe('fulfilled');
    expect(theirs).toMatchObject({ status: 'rejected', reason: { code: 'Forbidden' } });
    views.forEach((each) => each.close());
  });

  it('is one cluster for one user, with what the server serves', async () => {
    expect(lab.kube.as(user)).toBe(lab.kube.as(user).as(user));
    expect(lab.kube.as(user).id).toBe(lab.kube.id);
    expect(await lab.kube.as(user).isNamespaced({ apiVersion: 'v1', kind: 'Namespace' })).toBe(false);
  });

  it('says what to grant when the worker may not act as others', async () => {
    const worker = await connectAs(lab, { token: await limitedToken(lab, 'plain-worker') });
    const refused = worker.as(user).apply(configMap('mine', own), { manager });
    await expect(refused).rejects.toThrow(
      /plain-worker" cannot impersonate.*; give the worker's account the verb impersonate/,
    );
    await expect(refused).rejects.toMatchObject({ code: 'Forbidden' });
  });
});

describe('credentials that change', () => {
  const withToken = (token: string): KubeConfig => {
    const config = new KubeConfig();
    config.loadFromFile(lab.local.kubeconfig);
    config.users = config.users.map(({ name }) => ({ name, token }));
    return config;
  };
  const list = { apiVersion: 'v1', kind: 'ConfigMap' };

  it('are asked for when the server lets nobody in, and the call is tried again', async () => {
    const good = await limitedToken(lab, 'rotated');
    let current = withToken('old');
    let renewals = 0;
    const connection: Connection = {
      config: () => current,
      renew: async () => {
        renewals += 1;
        current = withToken(good);
        return true;
      },
    };
    const kube = createCluster({ connection, id: 'rotated' });
    expect(await kube.list(list, { namespace: own })).not.toEqual([]);
    await kube.list(list, { namespace: own });
    expect(renewals).toBe(1);
  });

  it('are asked for once in a call', async () => {
    let renewals = 0;
    const connection = { config: () => withToken('bad'), renew: async () => (renewals += 1) > 0 };
    const error: unknown = await createCluster({ connection, id: 'bad' })
      .list(list, { namespace: own })
      .catch((reason: unknown) => reason);
    expect(isPortError(error, 'Unauthenticated')).toBe(true);
    expect(renewals).toBe(1);
  });
});
