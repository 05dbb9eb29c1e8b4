import { readRepositorySecret, type RepositoryAccess, type RepositoryKind } from './repository-secret';
import type { KubeObject } from './kube-object';
import type { Problem } from './problem';

/** Which of many Secrets is asked for. */
export interface AccessQuestion {
  readonly scope: RepositoryAccess['scope'];
  readonly kinds: readonly RepositoryKind[];
  /** Secrets of these projects may be used besides those of no project. */
  readonly projects: readonly string[];
  /** Whether a repository is `prefix` itself, or lies below it; the length of what matches, undefined when it does not. */
  readonly match: (prefix: string) => { readonly isSame: boolean; readonly length: number } | undefined;
}

/**
 * The access to one repository among Secrets, as Argo CD chooses: the repository's own Secret, and what that leaves out from the
 * longest template. A Secret of a project comes before one of none.
 */
export function chooseAccess(
  secrets: readonly KubeObject[],
  question: AccessQuestion,
): RepositoryAccess | undefined {
  const fits = secrets
    .flatMap((secret) => readRepositorySecret(secret).access ?? [])
    .flatMap((access) => {
      const matched = fitsQuestion(access, question) ? question.match(access.urlPrefix) : undefined;
      return matched === undefined || (!access.isTemplate && !matched.isSame) ? [] : [{ access, ...matched }];
    })
    .sort((a, b) => Number(b.access.project !== undefined) - Number(a.access.project !== undefined));
  const own = fits.find(({ access }) => !access.isTemplate)?.access;
  const [template] = fits.filter(({ access }) => access.isTemplate).sort((a, b) => b.length - a.length);
  if (own === undefined || template === undefined || signsIn(own)) return own ?? template?.access;
  const either = (flag: 'insecure' | 'plainHttp') => own[flag] || template.access[flag];
  return { ...template.access, ...own, insecure: either('insecure'), plainHttp: either('plainHttp') };
}

/** What is wrong with the Secrets that would have been for the repository, had they been usable. */
export function whyNoAccess(
  secrets: readonly KubeObject[],
  { match }: Pick<AccessQuestion, 'match'>,
): readonly Problem[] {
  return secrets.flatMap((secret) => {
    const { access, urlPrefix, problems } = readRepositorySecret(secret);
    const isMeant = access === undefined && urlPrefix !== undefined && match(urlPrefix) !== undefined;
    return isMeant ? problems.filter(({ code }) => code !== 'UnknownField') : [];
  });
}

function fitsQuestion({ scope, kind, project }: RepositoryAccess, question: AccessQuestion): boolean {
  return (
    scope === question.scope &&
    (kind === undefined || question.kinds.includes(kind)) &&
    (project === undefined || question.projects.includes(project))
  );
}

function signsIn(access: RepositoryAccess): boolean {
  const { username, password, bearerToken, sshPrivateKey, tlsClientCertData } = access;
  return [username, password, bearerToken, sshPrivateKey, tlsClientCertData].some(
    (each) => each !== undefined,
  );
}
