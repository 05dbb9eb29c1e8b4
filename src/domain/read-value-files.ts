import type { Fields } from './fields';
import { refuseBuildVariables, withoutVariables } from './read-build-environment';
import { checkPath } from './read-repo-path';
import { suggestionFor } from './read-suggestion';
import type { TextItem } from './read-texts';

/** Where the files that Helm is given may lie. */
export interface ValuePlaces {
  /** Path of the chart in its repository; undefined for a chart of a chart repository, which has no repository around it. */
  readonly chartPath: string | undefined;
  /** Names of the sources that `$name/…` may refer to. */
  readonly refs: readonly string[];
}

/**
 * Checks the path of a value file (`helm.valueFiles`, `helm.fileParameters[].path`): relative to the chart, `/…` from the root of
 * the repository, `$ref/…` from the root of another source's. What is wrong is reported at its field.
 */
export function checkValueFile(helm: Fields, item: TextItem, { chartPath, refs }: ValuePlaces): void {
  if (refuseBuildVariables(helm, item)) return;
  const text = withoutVariables(item.text);
  const refused = refusedForm(text);
  if (refused !== undefined) {
    const [subject, remedy] = refused;
    // An address may hold a password, so it is not repeated.
    const message = `${subject} not supported yet`;
    helm.report({ code: 'Unsupported', path: item.path, message, remedy });
  } else if (text.startsWith('$')) {
    checkReference(helm, item, refs);
  } else {
    const root = chartPath === undefined ? 'the chart' : 'the repository';
    checkPath(helm, item, text.startsWith('/') ? '.' : (chartPath ?? '.'), root);
  }
}

function refusedForm(text: string): readonly [string, string] | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return ['a value file from a URL is', 'commit it to a repository and name its path'];
  }
  if (/[*?[\]]/.test(text)) return ['a pattern of value files is', 'name each file'];
  return undefined;
}

function checkReference(helm: Fields, item: TextItem, refs: readonly string[]): void {
  const [, ref = '', rest = ''] = /^\$([^/]*)\/*(.*)$/s.exec(item.text) ?? [];
  const report = (message: string, remedy: string) => {
    helm.report({ code: 'InvalidSpec', path: item.path, message, value: item.text, remedy });
  };
  if (!refs.includes(ref)) {
    const near = suggestionFor(ref, refs);
    const known = refs.length === 0 ? 'no source has a ref' : `known refs: ${refs.join(', ')}`;
    report(`no source has the ref "${ref}"`, near === undefined ? known : `did you mean "$${near}"?`);
  } else if (rest === '') {
    report(`$${ref} names a repository and no file in it`, `write $${ref}/path/of/values.yaml`);
  } else {
    checkPath(helm, { ...item, text: rest }, '.', `the repository of $${ref}`);
  }
}
