import type { Fields } from './fields';
import type { TextItem } from './read-texts';

/** What Argo CD puts in the place of such names, in the texts where it does so; rendering does it too for the ones it knows. */
const variable = /\$(?:\{((?:ARGOCD|KUBE)_\w+)\}|((?:ARGOCD|KUBE)_\w+))/g;
const known = [
  ...['ARGOCD_APP_NAME', 'ARGOCD_APP_NAMESPACE'],
  ...['ARGOCD_APP_REVISION', 'ARGOCD_APP_REVISION_SHORT', 'ARGOCD_APP_REVISION_SHORT_8'],
  ...['ARGOCD_APP_SOURCE_REPO_URL', 'ARGOCD_APP_SOURCE_PATH', 'ARGOCD_APP_SOURCE_TARGET_REVISION'],
];

/** Refuses a text with a variable of Argo CD's build environment that rendering has no value for: it would come out empty. */
export function refuseBuildVariables(fields: Fields, { text, path }: TextItem): boolean {
  const found = namesIn(text).find((name) => !known.includes(name));
  if (found === undefined) return false;
  const message = `$${found} of Argo CD's build environment is not supported`;
  fields.report({ code: 'Unsupported', path, message, remedy: 'write out what it stands for' });
  return true;
}

/** A text in which the syntax can be checked although it has variables in it. */
export function withoutVariables(text: string): string {
  return text.replace(variable, 'x');
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].map(([, braced, plain]) => braced ?? plain ?? '');
}
