import type { Fields } from './fields';
import type { TextItem } from './read-texts';

/** What Argo CD puts in the place of such names, in the texts where it does so. */
const variable = /\$\{?(?:ARGOCD_(?:APP|ENV)_\w+|KUBE_(?:API_)?VERSIONS?\b)/;

/** Refuses a text that Argo CD would fill from its build environment: taken literally it would mean something else. */
export function refuseBuildVariables(fields: Fields, { text, path }: TextItem): boolean {
  const found = variable.exec(text)?.[0];
  if (found === undefined) return false;
  const message = `${found.replace('{', '')} of Argo CD's build environment is not supported yet`;
  fields.report({ code: 'Unsupported', path, message, remedy: 'write out what it stands for' });
  return true;
}
