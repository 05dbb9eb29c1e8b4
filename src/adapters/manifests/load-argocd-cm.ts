import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { IgnoreDifferences } from '../../domain/application-spec';
import { readSystemIgnores } from '../../domain/diff/system-ignores';
import { describeProblem } from '../../domain/problem';
import { PortError } from '../../ports/port-error';
import { readFile } from './read-file';

/**
 * What Argo CD's ConfigMap `argocd-cm`, kept in a file, says of differences to be ignored in all applications. Throws PortError
 * `InvalidSpec` with everything that is wrong.
 */
export function loadSystemIgnores(path: string): readonly IgnoreDifferences[] {
  const { objects, problems } = readFile(readText(path), path);
  const map = objects.find(({ object }) => object.kind === 'ConfigMap')?.object;
  if (problems.length > 0) throw invalid(problems.map(describeProblem).join('\n'));
  if (map === undefined) throw invalid(`${path} holds no ConfigMap; give the one that is called argocd-cm`);
  const data = (map['data'] ?? {}) as Readonly<Record<string, string>>;
  const read = readSystemIgnores(data, (yaml): unknown => parse(yaml, { maxAliasCount: 100 }));
  if (read.ok) return read.value;
  throw invalid(read.problems.map((each) => describeProblem({ ...each, file: path })).join('\n'));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    throw invalid(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function invalid(message: string): PortError {
  return new PortError(message, { code: 'InvalidSpec', retry: 'never' });
}
