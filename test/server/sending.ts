import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Heard } from '../../src/domain/webhooks/concerns';
import { listen, type Listening, type Receiver } from '../../src/server/listen';
import { openSecrets } from '../../src/server/secrets';

export const sentinel = 's3ntinel-of-webhooks';

/** A receiver on a real socket, what it has told whom, and what it has logged. */
export interface Scene {
  readonly receiver: Receiver;
  readonly url: string;
  readonly looks: { readonly url: string; readonly heard: Heard }[];
  readonly lines: string[];
  /** Writes the file of secrets, and files beside it. */
  secrets(list: readonly object[], files?: Readonly<Record<string, string>>): void;
  readonly dir: string;
  close(): Promise<void>;
}

const limits = {
  bodyBytes: 10_000,
  perAddress: { perSecond: 1_000, burst: 1_000 },
  overall: { perSecond: 1_000, burst: 1_000 },
  atOnce: 32,
};

/** Starts a receiver that knows the sentinel as the secret of every provider. */
export async function startScene(options: Partial<Listening> = {}): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'belay-webhooks-'));
  const file = join(dir, 'webhooks.json');
  const looks: Scene['looks'] = [];
  const lines: string[] = [];
  const secrets: Scene['secrets'] = (list, files = {}) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    writeFileSync(file, JSON.stringify({ secrets: list }));
  };
  const everybody = ['github', 'gitlab', 'gitea', 'bitbucket', 'bitbucket-server', 'azure-devops', 'harbor'];
  secrets(
    everybody.map((provider) => ({ provider, file: join(dir, 'secret') })),
    { secret: `${sentinel}\n` },
  );
  const receiver = await listen({
    port: 0,
    host: '127.0.0.1',
    say: (line) => void lines.push(line),
    requestMs: 5_000,
    limits,
    trustProxy: false,
    openSecrets: () => openSecrets(file),
    look: async (url, heard) => {
      looks.push({ url, heard });
      return url.includes('shop');
    },
    ...options,
  });
  const close = async (): Promise<void> => {
    await receiver.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { receiver, url: `http://127.0.0.1:${receiver.port}/webhook`, looks, lines, secrets, dir, close };
}

export const shop = 'https://forge.example/acme/shop';
export const pushed = { ref: 'refs/heads/main', repository: { html_url: shop, default_branch: 'main' } };
export const heard = { refs: ['refs/heads/main'], defaultBranch: 'main' };

export function hmac(text: string, secret = sentinel): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Headers and body of GitHub's push, signed. */
export function githubPush(body: unknown = pushed, secret = sentinel) {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${hmac(text, secret)}`,
  };
  return { method: 'POST', headers, body: text };
}

/** Writes to a socket as it is told and resolves, when the server has closed it, with all that it has said. */
export function rawRequest(port: number, write: (send: (text: string) => void) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
    socket.on('connect', () => write((text) => void (socket.writable && socket.write(text))));
  });
}
