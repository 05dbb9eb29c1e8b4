import { ApplicationFailure } from '@temporalio/common';
import { restoreSignal, type QueuedRestoreMessage } from '../../src/messages/repository';
import { workflowQueue } from '../../src/messages/queues';
import type { RestoreRequest, RestoreResult } from '../../src/ports/git';
import { listener, toldQuery } from '../support/workflow-bundle';
import { record } from '../support/workflow-histories';
import { eventually, WorkflowEnvironment } from '../support/workflow-environment';
import { revisionOf } from '../support/workflow-fakes';

/** The writer's answer, by the path that is restored. */
type Answer = (request: RestoreRequest) => Promise<RestoreResult>;

const answers = new Map<string, Answer>();
const trace: string[] = [];
let environment: WorkflowEnvironment;

beforeAll(async () => {
  environment = await WorkflowEnvironment.start({
    git: {
      restorePath: async (request) => {
        trace.push(`begin ${request.paths.join()}`);
        try {
          return await (answers.get(request.paths.join()) ?? pushed)(request);
        } finally {
          trace.push(`end ${request.paths.join()}`);
        }
      },
    },
  });
});
afterAll(() => environment.stop());
beforeEach(async () => {
  trace.length = 0;
  answers.clear();
  tests += 1;
  replyTo = `app/asker-${tests}`;
  await environment.client.start(listener, { workflowId: replyTo, taskQueue: workflowQueue });
});

let replyTo = '';
let tests = 0;
const workflowId = 'repo/git.example/shop#main';

async function pushed({ paths }: RestoreRequest): Promise<RestoreResult> {
  return { kind: 'pushed', revision: revisionOf(`revert-of-${paths.join()}`), alsoReverted: [] };
}

function message(path: string, requestId = `request-${path}`): QueuedRestoreMessage {
  const request: RestoreRequest = {
    repoUrl: 'https://git.example/shop.git',
    branch: 'refs/heads/main',
    paths: [path],
    goodRevision: revisionOf('v1'),
    badRevision: revisionOf('v2'),
    subject: `Revert ${path}`,
    body: '',
    trailers: {},
  };
  return { requestId, replyTo, request };
}

function ask(asked: QueuedRestoreMessage) {
  return environment.client.signalWithStart('repository', {
    workflowId,
    taskQueue: workflowQueue,
    args: [],
    signal: restoreSignal,
    signalArgs: [asked],
  });
}

function told() {
  return environment.client.getHandle(replyTo).query(toldQuery);
}

test('answers a request by a signal, and ends when its queue has been empty for a moment', async () => {
  const handle = await ask(message('k8s'));
  await handle.result();
  expect(await told()).toEqual([
    {
      requestId: 'request-k8s',
      result: { kind: 'pushed', revision: revisionOf('revert-of-k8s'), alsoReverted: [] },
    },
  ]);
});

test('does one restore after the other, in the order of the requests', async () => {
  const handle = await ask(message('a'));
  for (const path of ['b', 'c', 'd']) await ask(message(path));
  await handle.result();
  expect(trace).toEqual(['a', 'b', 'c', 'd'].flatMap((path) => [`begin ${path}`, `end ${path}`]));
  expect((await told()).map((each) => 'requestId' in each && each.requestId)).toEqual([
    'request-a',
    'request-b',
    'request-c',
    'request-d',
  ]);
  await record('queue', handle);
});

test('does a request once, however often it is asked while it waits', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  answers.set('a', async (request) => {
    await held;
    return pushed(request);
  });
  const handle = await ask(message('a'));
  await ask(message('b'));
  await ask(message('a'));
  await ask(message('b'));
  await eventually(
    () => trace,
    (lines) => lines.includes('begin a'),
  );
  letGo();
  await handle.result();
  expect(trace).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('is started again by the next request', async () => {
  await (await ask(message('a'))).result();
  await (await ask(message('b'))).result();
  expect(trace).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('goes on when the application that asked is gone', async () => {
  const handle = await ask({ ...message('a'), replyTo: 'app/nobody' });
  await ask(message('b'));
  await handle.result();
  expect(trace).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  expect(await told()).toMatchObject([{ requestId: 'request-b' }]);
});

test('tries again after a passing failure, and passes a final one on as a refusal', async () => {
  let tries = 0;
  answers.set('a', async (request) => {
    tries += 1;
    if (tries < 3) throw ApplicationFailure.retryable('connection reset', 'Unreachable');
    return pushed(request);
  });
  answers.set('b', async () => {
    throw ApplicationFailure.nonRetryable('the token has no right to push', 'Forbidden');
  });
  const handle = await ask(message('a'));
  await ask(message('b'));
  await handle.result();
  expect(await told()).toMatchObject([
    { requestId: 'request-a', result: { kind: 'pushed' } },
    {
      requestId: 'request-b',
      result: { kind: 'refused', problem: { code: 'Forbidden', message: 'the token has no right to push' } },
    },
  ]);
  await record('refused', handle);
});
