import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/activity';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { BelayClient } from '../../src/client';
import type { DoctorCheck, Finding } from '../../src/domain/doctor/report';
import { BelayApp } from '../../src/messages/search-attributes';
import { until } from '../support/until';
import { applicationSpec } from './fixtures/statuses';
import { clientOf, startServer } from './fixtures/temporal';

/** A worker that was last heard of so long ago is gone for certain: Temporal's long poll ends after a minute. */
const later = 90_000;

let env: TestWorkflowEnvironment;
let belay: BelayClient;
const running = new Set<() => Promise<void>>();

beforeAll(async () => {
  env = await startServer();
  belay = await clientOf(env);
});
afterAll(async () => {
  for (const stop of running) await stop();
  await belay.close();
  await env.teardown();
});

/** A worker of the queue `belay`, with a version or without; the result stops it. */
async function startWorker(version?: string): Promise<() => Promise<void>> {
  const versioned: Partial<WorkerOptions> =
    version === undefined
      ? {}
      : {
          workerDeploymentOptions: {
            version: { deploymentName: 'belay', buildId: version },
            useWorkerVersioning: true,
            defaultVersioningBehavior: 'AUTO_UPGRADE',
          },
        };
  const restore = () => Promise.reject(ApplicationFailure.retryable('the disk is full', 'Full'));
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'belay',
    workflowsPath: require.resolve('./fixtures/doctor-workflows'),
    activities: { restore },
    identity: `worker-${version ?? 'plain'}`,
    shutdownForceTime: '1s',
    ...versioned,
  });
  const done = worker.run();
  const stop = async (): Promise<void> => {
    running.delete(stop);
    worker.shutdown();
    await done;
  };
  running.add(stop);
  return stop;
}

async function start(type: string, workflowId: string): Promise<void> {
  await env.client.workflow.start(type, {
    workflowId,
    taskQueue: 'belay',
    workflowTaskTimeout: '1s',
    ...(type === 'rollout' ? { typedSearchAttributes: [{ key: BelayApp, value: 'web' }] } : {}),
  });
}

/** Asks until something fits is found. */
async function found(check: DoctorCheck, text: string, passed = 0): Promise<Finding> {
  let finding: Finding | undefined;
  await until(
    `${check}: ${text}`,
    async () => {
      const { findings } = await belay.doctor(Date.now() + passed);
      finding = findings.find((each) => each.check === check && each.what.includes(text));
      return finding !== undefined;
    },
    60_000,
  );
  return finding as Finding;
}

/** Makes a version current as soon as the server knows its workers. */
async function makeCurrent(buildId: string): Promise<void> {
  await until(`${buildId} is current`, async () => {
    try {
      await env.connection.workflowService.setWorkerDeploymentCurrentVersion({
        ...{ namespace: 'default', deploymentName: 'belay', buildId, identity: 'test' },
        ignoreMissingTaskQueues: true,
      });
      return true;
    } catch {
      return false;
    }
  });
}

test('with no worker at all every queue is named, and the applications that stand still', async () => {
  await belay.createApplication(applicationSpec('web'));
  await start('observer', 'observe/8f3c21d0');
  const finding = await found('queues', 'task queue belay:');
  expect(finding).toMatchObject({ affects: ['web'], why: expect.stringContaining('no worker has asked') });
  await found('queues', 'belay-observe-8f3c21d0');
  const { findings, checks, isWell } = await belay.doctor(Date.now());
  expect(isWell).toBe(false);
  expect(findings.map(({ what }) => /queue (\S+):/.exec(what)?.[1])).toEqual([
    'belay',
    'belay-git',
    'belay-observe',
    'belay-cluster-8f3c21d0',
    'belay-observe-8f3c21d0',
  ]);
  expect(checks.find(({ check }) => check === 'searchAttributes')).toMatchObject({ findings: 0 });
});

test('a worker that was stopped is named, with when it was heard of last', async () => {
  const stop = await startWorker();
  await until('the worker answers', async () => {
    const { findings } = await belay.doctor(Date.now());
    return !findings.some(({ what }) => what.includes('task queue belay:'));
  });
  await stop();
  const { since = 0, why } = await found('queues', 'task queue belay:', later);
  expect(why).toContain('worker-plain');
  expect(Date.now() - since).toBeLessThan(60_000);
});

test('a workflow whose code fails is named with what it fails with', async () => {
  await startWorker();
  await start('check', 'check/web/1');
  const finding = await found('workflowTasks', 'check/web/1 fails at its own code');
  expect(finding).toMatchObject({
    why: expect.stringContaining('a mistake in the code'),
    affects: ['check/web/1'],
  });
  expect(Date.now() - (finding.since ?? 0)).toBeLessThan(120_000);
});

test('an activity that does not get done is named with its last failure', async () => {
  await start('repository', 'repo/git.example/shop#main');
  const { what, why } = await found('activities', 'restore of repo/git.example/shop#main');
  expect(Number(/attempt (\d+)/.exec(what)?.[1])).toBeGreaterThan(5);
  expect(why).toBe('the disk is full');
});

test('a rollout ends on the version that began it, and is named when no worker of that version is there', async () => {
  for (const stop of running) await stop();
  const stopFirst = await startWorker('1');
  await makeCurrent('1');
  await start('rollout', 'rollout/c/shop/deployment/first');
  await start('rollout', 'rollout/c/shop/deployment/left');
  const stopSecond = await startWorker('2');
  const versionOf = async (id: string): Promise<string | null | undefined> => {
    const { raw } = await env.client.workflow.getHandle(id).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  };
  for (const name of ['first', 'left'])
    await until(
      `${name} has begun`,
      async () => (await versionOf(`rollout/c/shop/deployment/${name}`)) === '1',
    );
  await makeCurrent('2');
  await start('rollout', 'rollout/c/shop/deployment/second');
  const handle = (name: string) => env.client.workflow.getHandle(`rollout/c/shop/deployment/${name}`);
  for (const name of ['first', 'second']) await handle(name).signal('end');
  expect(await Promise.all([handle('first').result(), handle('second').result()])).toEqual([
    'ended',
    'ended',
  ]);
  expect(await versionOf('rollout/c/shop/deployment/first')).toBe('1');
  expect(await versionOf('rollout/c/shop/deployment/second')).toBe('2');

  expect((await belay.doctor(Date.now())).findings.filter(({ check }) => check === 'versions')).toEqual([]);
  await stopFirst();
  await stopSecond();
  const finding = await found('versions', 'rollout/c/shop/deployment/left stands still', later);
  expect(finding).toMatchObject({
    what: expect.stringContaining('version belay:1'),
    affects: ['web'],
    remedy: expect.stringContaining('belay worker --deployment belay --build-id 1'),
  });
});

test('a namespace that is not there is the one finding', async () => {
  const elsewhere = await clientOf(env, {
    env: { TEMPORAL_ADDRESS: env.address, TEMPORAL_NAMESPACE: 'nowhere' },
  });
  const { findings } = await elsewhere.doctor(Date.now());
  await elsewhere.close();
  expect(findings).toMatchObject([{ check: 'temporal', why: 'Temporal has no namespace nowhere' }]);
});
