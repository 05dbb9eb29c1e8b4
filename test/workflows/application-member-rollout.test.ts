import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, failed } from '../support/workflow-fakes';
import { openMember } from '../support/workflow-member';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const begun = ['applyRevision before v2', 'startCanary', 'reachWeight 20'];

describe('a member with real rollouts', () => {
  test('leaves stable as it is until the release is good', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    expect(shop.news()).toEqual([...begun, 'reachWeight 100', 'handOver', 'standBy']);
    await member.tell('commit');
    await member.reported('committed');
    expect(shop.news()).toEqual(['adoptCanary', 'retireOld', 'applyRevision after v2']);
  });

  test('brings traffic back first, and objects when they are asked for', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    shop.news();
    await member.tell('back', 'v2', { reason: 'cart failed' });
    await member.reported('trafficBack');
    expect(shop.news()).toEqual(['returnTraffic']);
    await member.tell('restore');
    await member.reported('restored');
    expect(shop.news()).toEqual(['removeCanary', 'applyRevision after v1']);
  });

  test('says why it has failed as soon as its traffic is back', async () => {
    const member = await openMember(environment, {
      scripts: { reachWeight: ({ spec }) => (spec.version === 'web-2' ? failed() : done) },
    });
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.tell('deliver');
    expect((await member.reported('failed')).failure).toMatchObject({
      code: 'ImagePullFailed',
      sentence: 'pod web-canary-x: ImagePullBackOff: not found',
      workload: 'web',
    });
    expect(shop.news()).toEqual([...begun, 'returnTraffic']);
    await member.tell('restore');
    await member.reported('restored');
    expect(shop.news()).toEqual(['removeCanary', 'applyRevision after v1']);
  });
});
