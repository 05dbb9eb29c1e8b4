import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';
import { openMember, type Member } from '../support/workflow-member';

/** A server that suggests to continue as new after a few events. */
let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    devServer: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'],
    workflowsPath: require.resolve('../support/workflow-member-bundle'),
  });
});
afterAll(() => environment.stop());

/** Says nothing new, until the history is long enough. */
async function growLong({ shop }: Member): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await shop.drift();
}

describe('a member with a long history', () => {
  test('continues as new in the middle of a release, and knows what its release wants', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await member.tell('commit');
    await member.reported('committed');
    const first = (await shop.handle.describe()).runId;
    await eventually(
      async () => {
        await shop.drift();
        return (await shop.handle.describe()).runId;
      },
      (runId) => runId !== first,
    );
    await member.tellAndHear('commit');
    expect((await member.reports()).at(-1)?.stage).toBe('committed');
    await member.tell('back');
    await member.reported('trafficBack');
    await member.tell('restore');
    await member.reported('restored');
    expect((await shop.status()).state).toMatchObject({
      workloads: { web: { version: 'web-1' } },
      good: { revision: revisionOf('v1') },
    });
  });

  test('waits with its rollouts at the gate of the way back: it does not continue as new before they have ended', async () => {
    const member = await openMember(environment);
    const { shop } = member;
    await shop.push('v2', { web: 'web-2' });
    await member.ready();
    await growLong(member);
    await member.tell('back');
    await member.reported('trafficBack');
    const first = (await shop.handle.describe()).runId;
    await growLong(member);
    expect((await shop.handle.describe()).runId).toBe(first);
    await member.tell('restore');
    await member.reported('restored');
    expect(await member.heard()).toContain('pass trafficBack');
  });
});
