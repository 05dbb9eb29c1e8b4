import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifests } from '../adapters/manifests/parse-yaml';
import { windowFlaw } from '../adapters/windows/schedules';
import { problemAt, readOf } from '../domain/located';
import { describeProblem, type Problem, type Read } from '../domain/problem';
import type { Project } from '../domain/project/project';
import { readProject } from '../domain/project/read-project';
import type { Policy } from '../ports/policy';
import { PortError } from '../ports/port-error';

const lookEveryMs = 2_000;

/**
 * The AppProjects in the files of a directory. A change is noticed at the next question, two seconds later at most. A change that cannot
 * be read is told once and the projects before it stay in force: a slip of the pen neither stops all deliveries nor allows more.
 * Throws PortError `InvalidSpec` when the directory cannot be read at the start.
 */
export function openPolicy(
  dir: string,
  log: (line: string) => void,
  now: () => number = () => performance.now(),
): Policy {
  let stamp = stampOf(dir);
  const first = readProjects(dir);
  if (!first.ok) throw invalid(dir, first.problems);
  let projects = take(first.value);
  let lookedAt = now();

  function take(read: readonly Project[]): ReadonlyMap<string, Project> {
    for (const note of read.flatMap(({ notes }) => notes)) log(note);
    return new Map(read.map((each) => [each.name, each]));
  }

  function look(): void {
    if (now() - lookedAt < lookEveryMs) return;
    lookedAt = now();
    const latest = stampOf(dir);
    if (latest === stamp) return;
    stamp = latest;
    const read = readProjects(dir);
    if (read.ok) projects = take(read.value);
    else log(`the policy stays as it was: ${invalid(dir, read.problems).message}`);
  }

  return {
    project(name) {
      look();
      const project = projects.get(name);
      if (project !== undefined) return { ok: true, value: project };
      const message = `the worker's policy has no project ${name}; it has ${[...projects.keys()].join(', ') || 'none'}`;
      const remedy = 'use one of these, or add an AppProject to the policy';
      return {
        ok: false,
        problems: [{ code: 'Forbidden', field: 'spec.project', value: name, message, remedy }],
      };
    },
  };
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.startsWith('.') && /\.(ya?ml|json)$/.test(name))
      .sort();
  } catch (error: unknown) {
    throw invalid(dir, [{ code: 'InvalidSpec', message: (error as Error).message }]);
  }
}

/** Changes with every change of a file; a mounted ConfigMap is replaced by links, which `stat` follows. */
function stampOf(dir: string): string {
  try {
    const stats = namesIn(dir).map((name) => [name, statSync(join(dir, name))] as const);
    return stats.map(([name, { mtimeMs, size, ino }]) => `${name} ${mtimeMs} ${size} ${ino}`).join('\n');
  } catch {
    return 'unreadable';
  }
}

function readProjects(dir: string): Read<readonly Project[]> {
  const problems: Problem[] = [];
  try {
    const files = namesIn(dir).map((path) => ({ path, content: readFileSync(join(dir, path), 'utf8') }));
    const objects = parseManifests(files);
    if (!objects.ok) return objects;
    const projects = objects.value.flatMap((located) => {
      const read = readProject(located);
      if (!read.ok) problems.push(...read.problems);
      const windows = read.ok ? read.value.windows : [];
      windows.forEach((window, index) => {
        const message = windowFlaw(window);
        const path = ['spec', 'syncWindows', index];
        const remedy = 'correct the schedule or the time zone';
        if (message !== undefined)
          problems.push(problemAt(located, { code: 'InvalidSpec', path, message, remedy }));
      });
      return read.ok ? [read.value] : [];
    });
    return readOf<readonly Project[]>(projects, problems);
  } catch (error: unknown) {
    return { ok: false, problems: [{ code: 'InvalidSpec', message: (error as Error).message }] };
  }
}

function invalid(dir: string, problems: readonly Problem[]): PortError {
  const message = `the policy in ${dir} cannot be used:\n${problems.map(describeProblem).join('\n')}`;
  return new PortError(message, { code: 'InvalidSpec', retry: 'never' });
}
