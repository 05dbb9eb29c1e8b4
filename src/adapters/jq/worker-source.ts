/** The most memory that one evaluation may have. */
export const mostMemory = 128 * 1024 * 1024;
/** More fields than this are a mistake. */
export const mostPaths = 1_000;

/** What the thread is asked, and what it answers: jq's exit code with what it wrote. */
export interface JqRequest {
  readonly input: string;
  readonly query: string;
}
export interface JqReply {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The program itself ended, as it does when it gets no more memory. */
  readonly aborted: boolean;
}

/**
 * The thread in which jq runs. It is WebAssembly: it reaches no file, no network and no variable, and gets its memory through the one
 * function that is limited here. Kept as text because a thread is started from a file or from text, and the compiled program, the
 * tests and the tools would each need another file.
 */
export const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * 65536 > workerData.mostMemory) throw new RangeError('no more memory');
  return grow.call(this, pages);
};
const answer = (jq, { input, query }) => {
  try {
    return { ...jq.raw(input, query, ['-c']), aborted: false };
  } catch {
    return { exitCode: -1, stdout: '', stderr: '', aborted: true };
  }
};
require(workerData.module).loadJq().then((jq) => {
  parentPort.on('message', (request) => parentPort.postMessage(answer(jq, request)));
  parentPort.postMessage('ready');
});
`;
