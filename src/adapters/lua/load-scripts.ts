import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { readHealthScripts, type HealthScript } from '../../domain/health/scripts';
import { describeProblem, type Problem } from '../../domain/problem';
import { isMap, mapOf, valueAt } from '../../domain/read-json';
import { PortError } from '../../ports/port-error';

const scriptFile = 'health.lua';
const mostBytes = 1024 * 1024;

/**
 * The health scripts that a worker is given: a file with the ConfigMap `argocd-cm` (or any ConfigMap with such keys), or a folder laid
 * out as Argo CD's own, `<group>/<Kind>/health.lua`, in the core group `<Kind>/health.lua`. Throws PortError `InvalidSpec` with
 * everything that is wrong.
 */
export function loadHealthScripts(path: string): readonly HealthScript[] {
  try {
    return statSync(path).isDirectory() ? readFolder(path) : readConfigMap(path);
  } catch (error: unknown) {
    if (error instanceof PortError) throw error;
    throw invalid(
      `cannot read health scripts of ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function readConfigMap(path: string): readonly HealthScript[] {
  const objects = parseAllDocuments(readSmall(path)).map((document): unknown => {
    const [problem] = document.errors;
    if (problem !== undefined) throw invalid(`${path}: ${problem.message}`);
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  });
  const maps = objects.filter((object) => valueAt(object, 'kind') === 'ConfigMap');
  const dataOf = (object: unknown): unknown => valueAt(object, 'data') ?? undefined;
  // One without data, as Argo CD installs it, says nothing.
  const found =
    maps.find((object) => isMap(dataOf(object))) ?? maps.find((object) => dataOf(object) === undefined);
  if (found === undefined) {
    const remedy = 'give the ConfigMap argocd-cm, or a folder of <group>/<Kind>/health.lua';
    throw invalid(`${path} holds no ConfigMap whose data is a map; ${remedy}`);
  }
  const read = readHealthScripts(mapOf(valueAt(found, 'data')), (yaml): unknown =>
    parse(yaml, { maxAliasCount: 100 }),
  );
  if (read.ok) return read.value;
  throw invalid(read.problems.map((each: Problem) => describeProblem({ ...each, file: path })).join('\n'));
}

function readFolder(path: string): readonly HealthScript[] {
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.split(/[\\/]/).at(-1) === scriptFile,
  );
  const scripts = files.sort().map((file): HealthScript => {
    const folders = file.split(/[\\/]/).slice(0, -1);
    if (folders.length === 0 || folders.length > 2)
      throw invalid(`${join(path, file)} is not at <group>/<Kind>/${scriptFile}`);
    return { kinds: folders.join('/'), lua: readSmall(join(path, file)) };
  });
  if (scripts.length === 0) throw invalid(`${path} holds no <group>/<Kind>/${scriptFile}`);
  return scripts;
}

function readSmall(path: string): string {
  const { size } = statSync(path);
  if (size > mostBytes) throw invalid(`${path} has ${size} bytes; at most ${mostBytes} are read`);
  return readFileSync(path, 'utf8');
}

function invalid(message: string): PortError {
  return new PortError(message, { code: 'InvalidSpec', retry: 'never' });
}
