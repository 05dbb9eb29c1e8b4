import { Worker } from 'node:worker_threads';
import { mostMemory, workerSource, type JqReply, type JqRequest } from './worker-source';

/** A running jq. */
export interface JqThread {
  /** One request at a time; `late` after `withinMs`: then the thread has been ended. */
  ask(request: JqRequest, withinMs: number): Promise<JqReply | 'late'>;
  end(): Promise<void>;
}

/** Starts jq in a thread of its own; it does not keep the process alive. */
export async function startThread(): Promise<JqThread> {
  const worker = new Worker(workerSource, {
    eval: true,
    env: {},
    execArgv: [],
    // What an aborted program writes is nobody's concern; it is not read either, which would keep the process alive.
    stdout: true,
    stderr: true,
    workerData: { module: require.resolve('jq-wasm'), mostMemory },
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  // Without a listener, an error of the thread would be one of the process.
  worker.on('error', () => undefined);
  await nextMessage(worker);
  worker.unref();
  return {
    async ask(request, withinMs) {
      worker.ref();
      worker.postMessage(request);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      try {
        const reply = await Promise.race([nextMessage(worker), late]);
        if (reply === 'late') await worker.terminate();
        return reply as JqReply | 'late';
      } finally {
        clearTimeout(timer);
        worker.unref();
      }
    },
    end: async () => void (await worker.terminate()),
  };
}

/** Its next message; what ends the thread first counts as an aborted program. */
function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    const aborted: JqReply = { exitCode: -1, stdout: '', stderr: '', aborted: true };
    const onExit = () => done(aborted);
    const done = (message: unknown) => {
      worker.off('message', done);
      worker.off('exit', onExit);
      resolve(message);
    };
    worker.on('message', done);
    worker.on('exit', onExit);
  });
}
