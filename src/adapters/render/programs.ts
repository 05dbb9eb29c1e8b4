import { execFile } from 'node:child_process';
import type { Read } from '../../domain/problem';
import { findProgram } from '../programs/find';

/** The versions that Belay is built and tested with. */
export const pinnedVersions = { kustomize: '5.8.1', helm: '3.22.0' } as const;

export type ProgramName = keyof typeof pinnedVersions;
export type ProgramPaths = Readonly<Record<ProgramName, string>>;

export interface Program {
  readonly path: string;
  /** As the program itself says it. */
  readonly version: string;
}

/** Finds a program, with `BELAY_KUSTOMIZE` or `BELAY_HELM`; one that is nowhere, or does not run, is a problem with its remedy. */
export async function findTool(name: ProgramName, paths: Partial<ProgramPaths>): Promise<Read<Program>> {
  const variable = `BELAY_${name.toUpperCase()}`;
  const path = findProgram({ name, version: pinnedVersions[name], variable }, paths[name]);
  const version = path === undefined ? undefined : await versionOf(name, path);
  if (path !== undefined && version !== undefined) return { ok: true, value: { path, version } };
  const what =
    path === undefined ? `${name} is not installed on the worker` : `${path} is no ${name} that runs`;
  const remedy = `install ${name} ${pinnedVersions[name]}, or give the worker its path as ${variable}`;
  return { ok: false, problems: [{ code: 'Unsupported', message: what, remedy }] };
}

function versionOf(name: ProgramName, path: string): Promise<string | undefined> {
  const args = name === 'helm' ? ['version', '--template', '{{.Version}} {{.GitCommit}}'] : ['version'];
  return new Promise((resolve) => {
    execFile(path, args, { env: {}, timeout: 30_000 }, (error, stdout) => {
      resolve(error === null && stdout.trim() !== '' ? stdout.trim() : undefined);
    });
  });
}
