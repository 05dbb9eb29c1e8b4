import * as messages from '../../src/messages/application';
import { record } from '../support/workflow-histories';
import { WorkflowEnvironment } from '../support/workflow-environment';
import { done, failed, revisionOf } from '../support/workflow-fakes';
import { openShop, type Shop } from '../support/workflow-shop';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await WorkflowEnvironment.start();
});
afterAll(() => environment.stop());

const values = 'https://git.example/values.git';

/** An application with a chart in one repository and its values in another, at `v1` and `n1`; values that say bad fail. */
async function openPair(): Promise<{ shop: Shop; names: (short: string) => Promise<void> }> {
  let current = '';
  const contentOf = (short: string): string => (short.includes('bad') ? 'web-bad' : 'web-1');
  const shop = await openShop(environment, {
    scripts: {
      reachWeight: ({ spec }) => (spec.version === 'web-bad' ? failed('pod crashes', 'CrashLoop') : done),
      requestRestore: async ({ requestId, replyTo, request }) => {
        shop.restores.push(request);
        current = 'n1';
        shop.contents['v1'] = { web: contentOf('n1') };
        await environment.client.getHandle(replyTo).signal(messages.restoreEndedSignal, {
          requestId,
          result: { kind: 'pushed', revision: revisionOf('n-back') },
        });
      },
    },
    spec: {
      otherSources: [
        { repoUrl: values, path: '.', targetRevision: 'main', recurse: false, ref: 'values', refOnly: true },
      ],
      source: {
        repoUrl: 'https://git.example/chart.git',
        path: 'chart',
        targetRevision: 'main',
        recurse: false,
        helm: { valueFiles: ['$values/shop/values.yaml'] },
      },
    },
  });
  const names = async (short: string): Promise<void> => {
    current = short;
    shop.contents['v1'] = { web: contentOf(current) };
    shop.more = { pins: [revisionOf(short)] };
    await shop.handle.signal(messages.gitChangedSignal, {
      kind: 'revision',
      revision: revisionOf(short),
      branch: 'refs/heads/main',
      source: 1,
    });
  };
  shop.contents['v1'] = { web: 'web-1' };
  await shop.head('v1');
  await names('n1');
  await shop.until(
    ({ state, operation }) => state.good?.pins?.[0] === revisionOf('n1') && operation === undefined,
  );
  return { shop, names };
}

test('values of another repository that fail go back there, and nothing is written to the chart’s', async () => {
  const { shop, names } = await openPair();
  await names('n-bad');
  await shop.asked('requestRestore n1');
  shop.more = { pins: [revisionOf('n-back')] };
  const { state } = await shop.until(
    (status) => status.state.good?.pins?.[0] === revisionOf('n-back') && status.operation === undefined,
  );
  expect(shop.restores).toMatchObject([
    {
      repoUrl: values,
      branch: 'refs/heads/main',
      paths: ['shop/values.yaml'],
      goodRevision: revisionOf('n1'),
      badRevision: revisionOf('n-bad'),
    },
  ]);
  expect(state.head).toBe(revisionOf('v1'));
  expect(state.hold).toBeUndefined();
  expect(state.history[0]).toMatchObject({ result: 'reverted', pins: [revisionOf('n-back')] });
  await record('other-source-back', shop.handle);
});
