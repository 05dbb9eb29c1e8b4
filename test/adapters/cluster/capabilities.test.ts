import { KubeConfig } from '@kubernetes/client-node';
import { ServedKinds } from '../../../src/adapters/cluster/capabilities';
import { fixed } from '../../../src/adapters/cluster/connection';
import { createRest, type Call } from '../../../src/adapters/cluster/rest';
import { PortError } from '../../../src/ports/port-error';
import { startLab, type Lab } from '../../support/cluster-lab';
import { customKind } from '../../support/custom-kind';
import { until } from '../../support/until';

describe('of a real API server', () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  it('are its version, its group versions and their kinds, sorted', async () => {
    const { kubeVersion, apiVersions } = await lab.kube.capabilities();
    expect(kubeVersion).toMatch(/^v1\.\d+\.\d+/);
    const some = ['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment', 'networking.k8s.io/v1/Ingress'];
    expect(apiVersions).toEqual(expect.arrayContaining(some));
    expect(apiVersions).toEqual([...new Set(apiVersions)].sort());
    expect(apiVersions).not.toContain('apps/v1/Pod');
    // A server without aggregated discovery says the same, one API version at a time.
    const oneByOne = new ServedKinds(plainRest(lab));
    expect((await oneByOne.ask()).apiVersions).toEqual(apiVersions);
  });

  it('have the kind of a CRD soon after it was applied', async () => {
    expect((await lab.kube.capabilities()).apiVersions).not.toContain('example.org/v1/Boat');
    await lab.kube.apply(customKind('example.org', 'v1', 'Boat'), { manager: 'test' });
    await until('boats are served', async () =>
      (await lab.kube.capabilities()).apiVersions.includes('example.org/v1/Boat'),
    );
  });
});

describe('asking', () => {
  let now = 0;
  let asked = 0;
  let fails = false;
  const answers: Readonly<Record<string, object>> = {
    '/version': { gitVersion: 'v1.30.0' },
    '/api': { kind: 'APIVersions', versions: [] },
    '/apis': { kind: 'APIGroupList', groups: [] },
  };
  const rest = async <T>({ path }: Call): Promise<T> => {
    if (path === '/version') asked += 1;
    if (fails) throw new PortError('gone', { code: 'Unreachable', retry: 'later' });
    return answers[path] as T;
  };
  beforeEach(() => void ((now = 0), (asked = 0), (fails = false)));

  it('happens once for all who want to know within five minutes', async () => {
    const served = new ServedKinds(rest, () => now);
    await Promise.all([served.ask(), served.ask()]);
    now = 4 * 60_000;
    await served.ask();
    expect(asked).toBe(1);
    now = 6 * 60_000;
    await served.ask();
    expect(asked).toBe(2);
  });

  it('happens anew after a CRD, until the server has had time to serve it', async () => {
    const served = new ServedKinds(rest, () => now);
    await served.ask();
    served.forget();
    await served.ask();
    now = 10_000;
    await served.ask();
    expect(asked).toBe(3);
    now = 40_000;
    await served.ask();
    await served.ask();
    expect(asked).toBe(4);
  });

  it('is not given up for ever after a failure', async () => {
    const served = new ServedKinds(rest, () => now);
    fails = true;
    await expect(served.ask()).rejects.toThrow('gone');
    fails = false;
    expect(await served.ask()).toEqual({ kubeVersion: 'v1.30.0', apiVersions: [] });
  });
});

/** The API server as one that knows no aggregated discovery: its legacy documents. */
function plainRest({ local }: Lab) {
  const config = new KubeConfig();
  config.loadFromFile(local.kubeconfig);
  const rest = createRest(fixed(config));
  return <T>({ accept: _accept, ...call }: Call): Promise<T> => rest<T>(call);
}
