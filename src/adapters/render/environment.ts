import type { RenderRequest } from '../../ports/render';

/** The variables that Argo CD's build environment has, and a source may use as `$ARGOCD_APP_NAME` or `${ARGOCD_APP_NAME}`. */
export function buildEnvironment(request: RenderRequest): Readonly<Record<string, string>> {
  const { application, namespace, revision, source } = request;
  return {
    ARGOCD_APP_NAME: application,
    ARGOCD_APP_NAMESPACE: namespace,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoUrl,
    ARGOCD_APP_SOURCE_PATH: source.path,
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision,
  };
}

/** Whether a setting may change with every commit. */
export function usesRevision(settings: unknown): boolean {
  return (JSON.stringify(settings) ?? '').includes('ARGOCD_APP_REVISION');
}

/**
 * Puts the variables into a text as Argo CD does: `$$` is a dollar sign, a variable that does not exist is empty, and a dollar sign
 * with no name behind it stays.
 */
export function substitute(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:\{([^{}]*)\}|([A-Za-z_][A-Za-z0-9_]*)|([$*#@!?0-9-]))/g,
    (_whole, braced?: string, plain?: string, special?: string) => {
      const name = braced ?? plain ?? special ?? '';
      return name === '$' ? '$' : Object.hasOwn(variables, name) ? (variables[name] ?? '') : '';
    },
  );
}
