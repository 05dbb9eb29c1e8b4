import type { Capabilities } from '../../ports/render';
import { isPortError } from '../../ports/port-error';
import { rootOf } from './discovery';
import type { Rest } from './rest';

/** `APIGroupDiscoveryList`: everything the server serves, in one answer (Kubernetes 1.30; beta since 1.27). */
interface Aggregated {
  readonly kind: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly ServedResource[];
    }[];
  }[];
}
interface ServedResource {
  readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind?: string };
  readonly subresources?: readonly ServedResource[];
}

interface Version {
  readonly gitVersion: string;
  readonly major?: string;
  readonly minor?: string;
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
const keptMs = 5 * 60_000;
/** A new CRD is served a moment after it was written: what is asked for within this time may lack it and is not kept. */
const unsettledMs = 30_000;

/**
 * What the server is and serves, as Helm's `.Capabilities`: group versions and `<group version>/<Kind>`, subresources' kinds (such as
 * `autoscaling/v1/Scale`) included, sorted. Kept for five minutes, and asked for anew after `forget`.
 */
export class ServedKinds {
  private kept: { readonly at: number; readonly value: Promise<Capabilities> } | undefined;
  private forgottenAt = -Infinity;

  constructor(
    private readonly rest: Rest,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** One question for all who ask at once. */
  ask(): Promise<Capabilities> {
    const { kept } = this;
    if (kept !== undefined && this.now() - kept.at < keptMs) return kept.value;
    const value = this.read();
    const entry = { at: this.now(), value };
    const drop = (): void => void (this.kept === entry && (this.kept = undefined));
    this.kept = entry;
    value.then(() => this.now() - this.forgottenAt < unsettledMs && drop(), drop);
    return value;
  }

  /** What is served has changed: a CustomResourceDefinition or an APIService was written. */
  forget(): void {
    this.kept = undefined;
    this.forgottenAt = this.now();
  }

  private async read(): Promise<Capabilities> {
    const get = <T>(path: string): Promise<T> =>
      this.rest<T>({ method: 'GET', path, accept, what: 'ask what the API server serves' });
    const [version, core, groups] = await Promise.all([
      get<Version>('/version'),
      get<Aggregated & { readonly versions?: readonly string[] }>('/api'),
      get<Aggregated & { readonly groups?: readonly LegacyGroup[] }>('/apis'),
    ]);
    const isAggregated = core.kind === 'APIGroupDiscoveryList' && groups.kind === 'APIGroupDiscoveryList';
    const served = isAggregated
      ? [core, groups].flatMap(namesIn)
      : await namesOneByOne(this.rest, [
          ...(core.versions ?? []),
          ...(groups.groups ?? []).flatMap((each) => each.versions.map(({ groupVersion }) => groupVersion)),
        ]);
    return { kubeVersion: versionOf(version), apiVersions: [...new Set(served)].sort() };
  }
}

/** A server built without its release's stamp calls itself `v0.0.0-master`; charts would take it for too old. */
function versionOf({ gitVersion, major, minor }: Version): string {
  if (!gitVersion.startsWith('v0.') || major === undefined || minor === undefined) return gitVersion;
  return `v${major}.${minor.replace(/[^0-9]/g, '')}.0`;
}

function namesIn({ items = [] }: Aggregated): readonly string[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) => {
      const own = joined(metadata?.name, version);
      return [own, ...resources.flatMap((each) => kindsOf(each, own))];
    }),
  );
}

/** client-go files a kind under the group version it is served in, whatever group version its answers are of. */
function kindsOf({ responseKind, subresources = [] }: ServedResource, own: string): readonly string[] {
  const kind = responseKind?.kind ?? '';
  return [...(kind === '' ? [] : [`${own}/${kind}`]), ...subresources.flatMap((each) => kindsOf(each, own))];
}

function joined(group: string | undefined, version: string): string {
  return group === undefined || group === '' ? version : `${group}/${version}`;
}

interface LegacyGroup {
  readonly versions: readonly { readonly groupVersion: string }[];
}

/** For servers without aggregated discovery. A group whose own server does not answer is left out, as Helm does. */
async function namesOneByOne(rest: Rest, versions: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    versions.map(async (each) => {
      try {
        const { resources } = await rest<{ readonly resources: readonly { readonly kind: string }[] }>({
          method: 'GET',
          path: rootOf(each),
          what: `discover ${each}`,
        });
        return [each, ...resources.map(({ kind }) => `${each}/${kind}`)];
      } catch (error: unknown) {
        if (isPortError(error, 'Unreachable', 'NotFound')) return [each];
        throw error;
      }
    }),
  );
  return lists.flat();
}
