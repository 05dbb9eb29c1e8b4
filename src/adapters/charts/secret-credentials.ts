import { chooseAccess, whyNoAccess } from '../../domain/choose-access';
import type { KubeObject } from '../../domain/kube-object';
import { describeProblem } from '../../domain/problem';
import type { RepositoryAccess } from '../../domain/repository-secret';
import { basic, bearer, chartUrlKey, isBelow, type ChartAccess, type ChartCredentials } from './access';
import { chartError } from './errors';

/** Chart repositories' credentials from Argo CD's repository Secrets of type `helm` and `oci`, which are listed anew at each use. */
export function chartCredentialsFromSecrets(
  list: () => Promise<readonly KubeObject[]>,
  { projects = [] }: { readonly projects?: readonly string[] } = {},
): ChartCredentials {
  return async (repoUrl) => {
    const key = chartUrlKey(repoUrl);
    const match = (prefix: string) => {
      const above = chartUrlKey(prefix);
      if (above === undefined || key === undefined || !isBelow(prefix, repoUrl)) return undefined;
      return { isSame: key === above, length: above.length };
    };
    const secrets = await list();
    const access = chooseAccess(secrets, { scope: 'read', kinds: ['helm', 'oci'], projects, match });
    if (access !== undefined) return accessOf(access, repoUrl);
    const [problem] = whyNoAccess(secrets, { match });
    if (problem !== undefined) throw chartError('Unauthenticated', describeProblem(problem), repoUrl);
    return {};
  };
}

function accessOf(access: RepositoryAccess, repoUrl: string): ChartAccess {
  const {
    secret,
    username,
    password,
    bearerToken,
    insecure,
    tlsClientCertData: cert,
    tlsClientCertKey: key,
  } = access;
  const refuse = (code: 'Unauthenticated' | 'InvalidSpec', message: string) =>
    chartError(code, `${secret} ${message}`, repoUrl, { facts: { secret } });
  if (access.proxy !== undefined)
    throw refuse('InvalidSpec', 'has a proxy, which is not supported for charts; remove data.proxy');
  if ([username, password, bearerToken].some((value) => /[\r\n]/.test(value?.trim() ?? '')))
    throw refuse('Unauthenticated', 'has a username, password or token of several lines; write one line');
  const tls = {
    ...(insecure ? { insecure } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const authorization =
    bearerToken !== undefined
      ? bearer(bearerToken.trim())
      : password === undefined
        ? undefined
        : basic(username?.trim() ?? '', password.trim());
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(access.plainHttp ? { plainHttp: true, allowHttp: true } : {}),
  };
}
