import type { ObjectRef } from '../../domain/kube-object';
import type { Kind } from '../../ports/cluster';
import { isPortError, PortError } from '../../ports/port-error';
import type { Rest } from './rest';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Finds the URL path of a kind from the server's discovery documents, asked once for each API version. */
export class Discovery {
  private readonly versions = new Map<string, Promise<readonly Resource[]>>();

  constructor(private readonly rest: Rest) {}

  async resource(kind: Kind): Promise<Resource> {
    const cached = this.versions.has(kind.apiVersion);
    const found = (await this.resources(kind.apiVersion)).find((each) => each.kind === kind.kind);
    if (found !== undefined) return found;
    if (cached) {
      this.versions.delete(kind.apiVersion);
      return this.resource(kind);
    }
    throw kindNotFound(kind);
  }

  /** `/apis/apps/v1/namespaces/shop/deployments` (with `/web`). */
  async path(kind: Kind, namespace: string | undefined, name?: string): Promise<string> {
    const { name: plural, namespaced } = await this.resource(kind);
    const scope = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    return `${rootOf(kind.apiVersion)}${scope}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
  }

  pathOf(ref: ObjectRef): Promise<string> {
    return this.path(ref, ref.namespace, ref.name);
  }

  private resources(apiVersion: string): Promise<readonly Resource[]> {
    const known = this.versions.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.rest<{ resources: Resource[] }>({
      method: 'GET',
      path: rootOf(apiVersion),
      what: `discover ${apiVersion}`,
    }).then(({ resources }) => resources.filter((each) => !each.name.includes('/')));
    const remembered = asked.catch((error: unknown) => {
      this.versions.delete(apiVersion);
      if (isPortError(error, 'NotFound')) return [];
      throw error;
    });
    this.versions.set(apiVersion, remembered);
    return remembered;
  }
}

/** Where the server serves an API version: `/apis/apps/v1`, `/api/v1`. */
export function rootOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function kindNotFound({ apiVersion, kind }: Kind): PortError {
  return new PortError(
    `the cluster knows no kind ${kind} of ${apiVersion}; install its CRD first, or correct apiVersion`,
    {
      code: 'KindNotFound',
      retry: 'never',
      facts: { apiVersion, kind },
    },
  );
}
