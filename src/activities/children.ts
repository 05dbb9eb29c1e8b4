import type { ApplicationSpec } from '../domain/application-spec';
import { fewProblems } from '../domain/few';
import type { Problem } from '../domain/problem';
import { readChildren, type Children } from '../domain/release/children';
import { revisionSource } from '../domain/revision-source';
import { beating } from './beating';
import type { Ports } from './ports';
import { prepareSources, renderObjects } from './render-sources';

/** Reads parents (Argo CD's app of apps), whose objects are no objects of a cluster: rendered as any application, by the same tools. */
export function createChildren({ cluster, manifests, renderer }: Ports) {
  return {
    readChildren: beating(
      async (
        { spec, revision }: { readonly spec: ApplicationSpec; readonly revision: string },
        { signal },
      ): Promise<Children> => {
        const capabilities = await cluster.capabilities();
        const source = revisionSource(spec, revision);
        const prepared = await prepareSources(renderer, source, { capabilities, signal });
        if (!prepared.ok) return nothing(prepared.problems);
        const objects = await renderObjects(prepared.value, manifests, spec.destination.namespace);
        return objects.ok ? readChildren(spec, objects.value) : nothing(objects.problems);
      },
    ),
  };
}

function nothing(problems: readonly Problem[]): Children {
  return { children: [], others: [], problems: fewProblems(problems) };
}
