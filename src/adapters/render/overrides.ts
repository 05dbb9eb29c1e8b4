import { posix } from 'node:path';
import type { SourceSpec } from '../../domain/application-spec';
import { Fields } from '../../domain/fields';
import type { Problem, Read } from '../../domain/problem';
import { readSourceOverrides, withApiSpelling } from '../../domain/read-source-overrides';
import { parseMap } from './parse-yaml';
import { failed, type PlanRequest } from './plan';

/** The source with the overrides that its directory holds: those for every application first, then those for this one. */
export async function withOverrides({
  request,
  path,
  view,
}: Omit<PlanRequest, 'source'>): Promise<Read<SourceSpec>> {
  let { source } = request;
  const names = view.names(path);
  for (const name of ['.argocd-source.yaml', `.argocd-source-${request.application}.yaml`]) {
    const file = posix.join(path, name);
    const text = names.includes(name) ? await view.text(file) : undefined;
    if (text === undefined || text.trim() === '') continue;
    const read = readFile(text, file, { source, refs: Object.keys(request.refs) });
    if (!read.ok) return read;
    source = read.value;
  }
  return { ok: true, value: source };
}

function readFile(
  text: string,
  file: string,
  { source, refs }: { readonly source: SourceSpec; readonly refs: readonly string[] },
): Read<SourceSpec> {
  const parsed = parseMap(text, file);
  if (!parsed.ok) return failed(parsed.problem);
  const problems: Problem[] = [];
  // The readers of applications read this too; the head is what they expect of an object, and is not shown.
  const object = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Source', metadata: { name: '' } };
  const located = { object, file, line: 1, lineOf: parsed.lineOf };
  const merged = readSourceOverrides(
    new Fields({ located, problems }, [], withApiSpelling(parsed.value)),
    source,
    refs,
  );
  if (problems.length === 0) return { ok: true, value: merged };
  return failed(...problems.map(({ object: _object, ...rest }) => rest));
}
