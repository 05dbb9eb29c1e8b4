import { NativeConnection, Worker } from '@temporalio/worker';
import { createGitWriting } from '../../src/activities/git-writing';
import { createGit, credentialsFrom } from '../../src/adapters/git';
import { gitQueue } from '../../src/messages/queues';

/** A worker of the Git queue alone, in a process that may be killed. Its parameters come by the environment. */
async function main(): Promise<void> {
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  const access = credentialsFrom([{ tokenVariable: 'BELAY_BENCH_TOKEN' }]);
  const git = createGit({
    dir: process.env['BELAY_BENCH_MIRRORS'] ?? '',
    credentials: { read: access, write: access },
  });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: gitQueue,
    activities: createGitWriting({
      git: Object.assign(git.reader, { keepRevision: git.keepRevision }),
      gitWriter: git.writer,
    }),
    maxConcurrentActivityTaskPolls: 2,
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
  process.stdout.write('ready\n');
  await worker.run();
}

void main();
