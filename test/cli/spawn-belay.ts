import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { withLock } from '../../tools/local/lock';

const root = join(__dirname, '..', '..');

/** The launcher. */
export const launcher = join(root, 'bin', 'belay.js');

/** What a process did. */
export interface Spawned {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Compiles what has changed, one test file at a time. Errors of types are another check's business. */
export function build(): Promise<void> {
  const compiler = require.resolve('typescript/bin/tsc');
  const args = [compiler, '-p', join(root, 'tsconfig.build.json')];
  const compile = () => new Promise<void>((done) => execFile(process.execPath, args, () => done()));
  return withLock(join(tmpdir(), 'belay-test-build.lock'), compile, () => undefined);
}

/** Starts a Node program; `ended` tells what it did. */
export function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly ended: Promise<Spawned> } {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, cwd: __dirname });
  child.stdin.end();
  const closed = new Promise<Pick<Spawned, 'code' | 'signal'>>((done) =>
    child.on('close', (code, signal) => done({ code, signal })),
  );
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]).then(([end, out, err]) => ({
    ...end,
    out,
    err,
  }));
  return { child, ended };
}

/** Runs `belay` to its end. */
export function belay(line: string, env: NodeJS.ProcessEnv = {}): Promise<Spawned> {
  return start([launcher, ...line.split(' ')], env).ended;
}
