import { createServer, ServerResponse, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerByBackend } from '../../bench/git-backend';
import { openGate } from './gate';
import type { GitFault, GitLine } from './lines';

/** Opens a line to the bare repositories below `root`: Git's smart HTTP, to read and to push. */
export async function openGitLine({ root }: { readonly root: string }): Promise<GitLine> {
  const listeners: (() => void)[] = [];
  let fault: GitFault | undefined;
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    for (const each of listeners) each();
    void answer(root, fault, { request, response });
  });
  const { port, ...gate } = await openGate(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    misbehave: (next) => void (fault = next),
    onRequest: (listener) => void listeners.push(listener),
    ...gate,
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answer(
  root: string,
  fault: GitFault | undefined,
  { request, response }: Exchange,
): Promise<void> {
  if (fault?.kind === 'status') {
    request.resume();
    return void response.writeHead(fault.code, { 'content-type': 'text/plain' }).end('try again later\n');
  }
  if (fault?.kind === 'drop-after-receive' && isPush(request)) {
    const unheard = new ServerResponse(request);
    // A client that goes away earlier must not leave Git waiting for the rest.
    response.once('close', () => unheard.emit('close'));
    await answerByBackend(root, request, unheard);
    // Where nothing of an answer has come, curl sends the request again by itself: the first byte of a packet's length has.
    response.writeHead(200, { 'content-type': 'application/x-git-receive-pack-result' });
    return void response.write('0', () => response.destroy());
  }
  if (fault?.kind === 'slow') await sleep(fault.ms, undefined, { ref: false });
  if (!response.destroyed) await answerByBackend(root, request, response);
}

function isPush({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.endsWith('/git-receive-pack');
}
