import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Read } from '../../domain/problem';

/** The versions that Belay is built and tested with. */
export const pinnedVersions = { kustomize: '5.8.1', helm: '3.22.0' } as const;

export type ProgramName = keyof typeof pinnedVersions;
export type ProgramPaths = Readonly<Record<ProgramName, string>>;

export interface Program {
  readonly path: string;
  /** As the program itself says it. */
  readonly version: string;
}

/**
 * Finds a program: the path that was given, else `BELAY_KUSTOMIZE` or `BELAY_HELM`, else `bin/` of the installation, else the cache
 * of built tools, else the PATH. A program that is nowhere, or does not run, is a problem with its remedy.
 */
export async function findProgram(name: ProgramName, paths: Partial<ProgramPaths>): Promise<Read<Program>> {
  const variable = `BELAY_${name.toUpperCase()}`;
  const given = paths[name] ?? process.env[variable];
  const path = given ?? places(name).find((place) => existsSync(place));
  const version = path === undefined ? undefined : await versionOf(name, path);
  if (path !== undefined && version !== undefined) return { ok: true, value: { path, version } };
  const what =
    path === undefined ? `${name} is not installed on the worker` : `${path} is no ${name} that runs`;
  const remedy = `install ${name} ${pinnedVersions[name]}, or give the worker its path as ${variable}`;
  return { ok: false, problems: [{ code: 'Unsupported', message: what, remedy }] };
}

function places(name: ProgramName): string[] {
  const installation = above(__dirname).find((dir) => existsSync(join(dir, 'package.json')));
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'belay');
  const built = existsSync(cache)
    ? readdirSync(cache).filter((entry) => entry.startsWith(`${name}-${pinnedVersions[name]}-`))
    : [];
  return [
    ...(installation === undefined ? [] : [join(installation, 'bin', name)]),
    ...built.sort().map((entry) => join(cache, entry, name)),
    ...(process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((dir) => dir.startsWith('/'))
      .map((dir) => join(dir, name)),
  ];
}

function above(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...above(parent)];
}

function versionOf(name: ProgramName, path: string): Promise<string | undefined> {
  const args = name === 'helm' ? ['version', '--template', '{{.Version}} {{.GitCommit}}'] : ['version'];
  return new Promise((resolve) => {
    execFile(path, args, { env: {}, timeout: 30_000 }, (error, stdout) => {
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : undefined);
    });
  });
}
