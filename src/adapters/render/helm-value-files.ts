import type { HelmOptions } from '../../domain/application-spec';
import type { Problem } from '../../domain/problem';
import { substitute } from './environment';
import { joinInside } from './paths';
import type { PlanRequest } from './plan';
import type { SourceView } from './source-view';

/** A file of the source's repository (`ref` absent) or of another one, at its real path. */
export interface FoundFile {
  readonly ref?: string;
  readonly path: string;
}

export interface FoundFiles {
  /** In the order in which Helm gets them: later ones win. */
  readonly values: readonly FoundFile[];
  readonly parameters: readonly { readonly name: string; readonly file: FoundFile }[];
}

type Looked = FoundFile | 'missing' | undefined;

/**
 * Finds the value files and the files of `fileParameters`: relative to the chart, `/…` from the repository's root, `$name/…` in the
 * repository of another source. What leads out of a repository, is on the network or is not there is a problem of the view.
 */
export async function findValueFiles(
  plan: PlanRequest,
  helm: HelmOptions,
  variables: Readonly<Record<string, string>>,
): Promise<FoundFiles> {
  const finder = new Finder(plan, variables);
  const values: FoundFile[] = [];
  for (const [index, written] of (helm.valueFiles ?? []).entries()) {
    const field = `spec.source.helm.valueFiles[${index}]`;
    const found = await finder.find(written, field);
    if (found === 'missing') {
      if (helm.ignoreMissingValueFiles !== true) finder.reportMissing(written, field);
    } else if (found !== undefined) values.push(found);
  }
  const parameters: { name: string; file: FoundFile }[] = [];
  for (const [index, { name, path }] of (helm.fileParameters ?? []).entries()) {
    const field = `spec.source.helm.fileParameters[${index}].path`;
    const found = await finder.find(path, field);
    if (found === 'missing') finder.reportMissing(path, field);
    else if (found !== undefined) parameters.push({ name, file: found });
  }
  return { values, parameters };
}

class Finder {
  constructor(
    readonly plan: PlanRequest,
    readonly variables: Readonly<Record<string, string>>,
  ) {}

  async find(written: string, field: string): Promise<Looked> {
    const { view, refs, path } = this.plan;
    const [, name, rest = ''] = /^\$([^/]+)(?:\/(.*))?$/.exec(written) ?? [];
    const ref = name === undefined ? undefined : refs.get(name);
    if (name !== undefined && ref !== undefined)
      return await this.#in(ref, '.', rest, { written, field, name });
    const value = substitute(written, this.variables);
    // `$ARGOCD_APP_NAME.yaml` and `${ARGOCD_APP_NAME}-eu/values.yaml` begin with a variable, and name no source.
    if (name !== undefined && !/^\{?ARGOCD_/.test(name)) {
      const message = `${written} refers to a source $${name}, which there is not`;
      return this.#report(field, { message, value: written, remedy: `give another source the ref ${name}` });
    }
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
      const message = `${written} is on the network, which rendering has no access to`;
      const remedy = 'commit the file, and name its path';
      return this.#report(field, { code: 'Unsupported', message, value: written, remedy });
    }
    const [from, inside] = value.startsWith('/') ? ['.', value.replace(/^\/+/, '')] : [path, value];
    return await this.#in(view, from, inside, { written, field });
  }

  reportMissing(written: string, field: string): void {
    const remedy = 'correct the path, commit the file, or set ignoreMissingValueFiles';
    this.#report(field, {
      code: 'PathNotFound',
      message: `${written} does not exist`,
      value: written,
      remedy,
    });
  }

  async #in(
    view: SourceView,
    from: string,
    path: string,
    { written, field, name }: { written: string; field: string; name?: string },
  ): Promise<Looked> {
    const place = joinInside(from, path);
    if (place === undefined) {
      const message = `${written} leads out of the repository`;
      return this.#report(field, { message, value: written, remedy: 'name a file inside the repository' });
    }
    const before = view.problems.length;
    const real = await view.include(place);
    if (view.problems.length > before) return undefined;
    if (real === undefined || view.isDirectory(real)) return 'missing';
    return { path: real, ...(name !== undefined && { ref: name }) };
  }

  #report(field: string, facts: Pick<Problem, 'message'> & Partial<Problem>): undefined {
    this.plan.view.problems.push({ code: 'InvalidSpec', field, ...facts });
  }
}
