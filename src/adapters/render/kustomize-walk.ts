import { posix } from 'node:path';
import { fieldName, type FieldPath } from '../../domain/located';
import type { Problem } from '../../domain/problem';
import { kustomizationNames } from './detect';
import type { Base, Bases } from './kustomize-bases';
import {
  isRemote,
  listsOfDirectories,
  referencesOf,
  refusedFields,
  type Reference,
} from './kustomize-references';
import { parseMap } from './parse-yaml';
import { joinInside } from './paths';
import type { SourceView } from './source-view';

/** A remote base in a kustomization, and the path of its copy from there. */
export interface Rewrite {
  /** From the root of the files that Kustomize sees. */
  readonly file: string;
  readonly field: FieldPath;
  readonly to: string;
}

/** Where a kustomization lies: in the source's own repository, or in a base. */
interface Place {
  readonly view: SourceView;
  /** Empty for the own repository. */
  readonly mount: string;
}

type Report = (
  reference: Pick<Reference, 'field'>,
  facts: Pick<Problem, 'message'> & Partial<Problem>,
) => void;

/**
 * Makes known everything that `kustomize build` of a directory reads: bases (those of other repositories too, where they are allowed),
 * components, patches, files, also outside the directory. What leads out of a repository, is elsewhere on the network or runs a program
 * is reported in `view.problems` with file, line and field. Answers what has to be rewritten before the build.
 */
export async function walkKustomization(
  view: SourceView,
  directory: string,
  { added = [], bases }: { readonly added?: readonly Reference[]; readonly bases: Bases },
): Promise<readonly Rewrite[]> {
  const rewrites: Rewrite[] = [];
  const seen = new Set<string>();
  const visit = async (place: Place, current: string, extra: readonly Reference[]): Promise<void> => {
    const here = posix.join(place.mount, current);
    if (seen.has(here)) return;
    seen.add(here);
    const names = place.view.names(current);
    const name = kustomizationNames.find((each) => names.includes(each));
    const own = name === undefined ? undefined : posix.join(current, name);
    const text = own === undefined ? undefined : await place.view.text(own);
    if (own === undefined || text === undefined) return;
    const file = posix.join(place.mount, own);
    const parsed = parseMap(text, file);
    if (!parsed.ok) return void view.problems.push(parsed.problem);
    const report: Report = (reference, facts) => {
      const line = parsed.lineOf(reference.field) ?? 1;
      view.problems.push({ code: 'InvalidSpec', file, line, field: fieldName(reference.field), ...facts });
    };
    for (const [field, subject] of Object.entries(refusedFields)) {
      if (parsed.value[field] === undefined) continue;
      const remedy = 'deliver the chart as a source of its own, or commit its rendered manifests';
      report({ field: [field] }, { code: 'Unsupported', message: `${subject} not supported`, remedy });
    }
    for (const reference of [...referencesOf(parsed.value), ...extra]) {
      const found = await follow(place, current, { reference, report, bases });
      if (found === undefined) continue;
      if (found.base !== undefined) {
        const to = posix.relative(here, posix.join(found.base.mount, found.path));
        rewrites.push({ file, field: reference.field, to });
      }
      const next = found.base ?? place;
      if (next.view.isDirectory(found.path)) await visit(next, found.path, []);
    }
  };
  await visit({ view, mount: '' }, directory, added);
  for (const base of bases.all) view.problems.push(...(await problemsOf(base)));
  return rewrites;
}

interface Following {
  readonly reference: Reference;
  readonly report: Report;
  readonly bases: Bases;
}

interface Found {
  readonly path: string;
  readonly base?: Base;
}

async function follow(
  { view }: Place,
  directory: string,
  { reference, report, bases }: Following,
): Promise<Found | undefined> {
  const { path: value, field } = reference;
  const path = joinInside(directory, value);
  const real = path === undefined || value.includes('://') ? undefined : await view.include(path);
  if (real !== undefined) return { path: real };
  if (isRemote(value))
    return listsOfDirectories.includes(String(field[0])) && reference.isAdded !== true
      ? inBase(value, { reference, report, bases })
      : void report(reference, onNetwork(value));
  if (path === undefined) {
    const message = `${value} leads out of the repository`;
    report(reference, { message, value, remedy: 'name a path inside the repository' });
  }
  return undefined;
}

function onNetwork(value: string): Pick<Problem, 'message'> & Partial<Problem> {
  const message = `${value} is on the network, which rendering has no access to`;
  return { code: 'Unsupported', message, value, remedy: 'commit it to the repository and name its path' };
}

async function inBase(value: string, { reference, report, bases }: Following): Promise<Found | undefined> {
  const found = await bases.find(value);
  if ('refusal' in found) return void report(reference, found.refusal);
  const { base, path } = found;
  const real = await base.view.include(path);
  if (real !== undefined) return { base, path: real };
  const message = `${path} does not exist in ${base.repoUrl} at ${base.ref}`;
  return void report(reference, {
    code: 'PathNotFound',
    message,
    value,
    remedy: 'correct its path or its ref',
  });
}

/** What is wrong in a base is said where its copy lies. */
async function problemsOf({ view, mount }: Base): Promise<Problem[]> {
  await view.followLinks();
  return view.problems.map((problem) => ({
    ...problem,
    ...(problem.file === undefined ? {} : { file: posix.join(mount, problem.file) }),
  }));
}
