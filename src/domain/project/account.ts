import { matchesGlob } from '../glob';
import type { Project, Target } from './project';

/** Whom the worker acts as: itself (`user` undefined), or a user of the API server. */
export type Account =
  | { readonly ok: true; readonly user?: string }
  /** The project has accounts, and none is for this destination. */
  | { readonly ok: false; readonly why: string };

/**
 * Argo CD's deriveServiceAccountToImpersonate: the first entry of `destinationServiceAccounts` whose server and namespace fit. A
 * project that has entries of which none fits delivers nothing there.
 */
export function accountFor({ name, accounts }: Project, { servers }: Target, namespace: string): Account {
  if (accounts.length === 0) return { ok: true };
  const found = accounts.find(
    (each) =>
      servers.some((server) => matchesGlob(each.server, server)) && matchesGlob(each.namespace, namespace),
  );
  if (found === undefined)
    return {
      ok: false,
      why: `project ${name} has no entry in spec.destinationServiceAccounts for ${servers[0] ?? 'this cluster'}, namespace ${namespace}`,
    };
  const { account } = found;
  return {
    ok: true,
    user: `system:serviceaccount:${account.includes(':') ? account : `${namespace}:${account}`}`,
  };
}
