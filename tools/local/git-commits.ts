import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The caller's configuration of Git must not change what is measured or tested. */
export function plainGitEnv(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Runs git in a repository and gives its trimmed output; rejects with what it complained about. */
export async function git(dir: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: dir, env: plainGitEnv(dir), maxBuffer: 256 << 20 };
  return (await execute('git', args, options)).stdout.trim();
}

/** A commit to be made; a file's text by its path. */
export interface NewCommit {
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
  /** Of a repository without a branch. */
  readonly isFirst?: boolean;
}

/**
 * Commits on top of `main` of a repository, without a work tree, and gives the revision. Whoever else moves the branch meanwhile is not
 * overwritten: git then refuses to move it, and the commit is made anew.
 */
export async function commitOnMain(dir: string, commit: NewCommit): Promise<string> {
  for (;;) {
    const { output, complaint, code } = await fastImport(dir, script(commit));
    if (code === 0) return output.trim();
    if (!/not updating|cannot lock ref/i.test(complaint))
      throw new Error(`git fast-import ended with ${code}: ${complaint}`);
  }
}

function script({ message, files, isFirst = false }: NewCommit): string {
  const seconds = Math.floor(Date.now() / 1000);
  return [
    'commit refs/heads/main',
    'mark :1',
    `committer Dana Developer <dana@example.com> ${seconds} +0000`,
    data(message),
    ...(isFirst ? [] : ['from refs/heads/main^0']),
    ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    'get-mark :1',
    '',
  ].join('\n');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

interface Import {
  readonly output: string;
  readonly complaint: string;
  readonly code: number | null;
}

function fastImport(dir: string, input: string): Promise<Import> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['fast-import', '--quiet'], { cwd: dir, env: plainGitEnv(dir) });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ output, complaint, code }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
