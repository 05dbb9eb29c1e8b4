import { posix } from 'node:path';
import { fieldName } from '../../domain/located';
import type { Problem } from '../../domain/problem';
import { kustomizationNames } from './detect';
import { isRemote, referencesOf, refusedFields, type Reference } from './kustomize-references';
import { parseMap } from './parse-yaml';
import { joinInside } from './paths';
import type { SourceView } from './source-view';

/**
 * Makes known everything that `kustomize build` of a directory reads: bases, components, patches, files, also outside the directory.
 * What leads out of the repository, is on the network or runs a program is reported in `view.problems` with file, line and field.
 */
export async function walkKustomization(
  view: SourceView,
  directory: string,
  added: readonly Reference[] = [],
): Promise<void> {
  const seen = new Set<string>();
  const visit = async (current: string, extra: readonly Reference[]): Promise<void> => {
    if (seen.has(current)) return;
    seen.add(current);
    const names = view.names(current);
    const name = kustomizationNames.find((each) => names.includes(each));
    const file = name === undefined ? undefined : posix.join(current, name);
    const text = file === undefined ? undefined : await view.text(file);
    if (file === undefined || text === undefined) return;
    const parsed = parseMap(text, file);
    if (!parsed.ok) return void view.problems.push(parsed.problem);
    const report = (
      reference: Pick<Reference, 'field'>,
      facts: Pick<Problem, 'message'> & Partial<Problem>,
    ) => {
      const line = parsed.lineOf(reference.field) ?? 1;
      view.problems.push({ code: 'InvalidSpec', file, line, field: fieldName(reference.field), ...facts });
    };
    for (const [field, subject] of Object.entries(refusedFields)) {
      if (parsed.value[field] === undefined) continue;
      const remedy = 'deliver the chart as a source of its own, or commit its rendered manifests';
      report({ field: [field] }, { code: 'Unsupported', message: `${subject} not supported`, remedy });
    }
    for (const reference of [...referencesOf(parsed.value), ...extra]) {
      const real = await follow(view, current, reference, report);
      if (real !== undefined && view.isDirectory(real)) await visit(real, []);
    }
  };
  await visit(directory, added);
}

type Report = (reference: Reference, facts: Pick<Problem, 'message'> & Partial<Problem>) => void;

async function follow(
  view: SourceView,
  directory: string,
  reference: Reference,
  report: Report,
): Promise<string | undefined> {
  const { path: value } = reference;
  const path = joinInside(directory, value);
  const real = path === undefined || value.includes('://') ? undefined : await view.include(path);
  if (real !== undefined) return real;
  if (isRemote(value)) {
    const message = `${value} is on the network, which rendering has no access to`;
    report(reference, {
      code: 'Unsupported',
      message,
      value,
      remedy: 'commit it to the repository and name its path',
    });
  } else if (path === undefined) {
    const message = `${value} leads out of the repository`;
    report(reference, { message, value, remedy: 'name a path inside the repository' });
  }
  return undefined;
}
