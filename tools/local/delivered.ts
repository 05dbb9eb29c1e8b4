import type { ApplicationSpec } from '../../src/domain/application-spec';

export interface DeliveredFrom {
  readonly name: string;
  readonly repoUrl: string;
  readonly path: string;
  /** Default: one of the application's own name. */
  readonly namespace?: string;
  readonly recurse?: boolean;
}

/** An application that delivers a directory of a repository's branch `main` to a namespace, and heals it. */
export function delivered({
  name,
  repoUrl,
  path,
  namespace = name,
  recurse = false,
}: DeliveredFrom): ApplicationSpec {
  return {
    name,
    project: 'default',
    source: { repoUrl, path, targetRevision: 'main', recurse },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    automated: { prune: true, selfHeal: true, allowEmpty: false },
    createNamespace: true,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
  };
}
