import type { ApplicationSpec } from '../domain/application-spec';
import { readChildren, type Children } from '../domain/release/children';
import { beating } from './beating';
import type { LoadRevision } from './load';
import { loadApplication } from './load-application';

/** Reads parents (Argo CD's app of apps) as any application is read: from the cache, by the same tools and limits. */
export function createChildren(load: LoadRevision) {
  return {
    readChildren: beating(
      async (input: { readonly spec: ApplicationSpec; readonly revision: string }): Promise<Children> => {
        const loaded = await loadApplication(load, input);
        if (!loaded.ok) return { children: [], others: [], problems: loaded.problems };
        return readChildren(input.spec, loaded.value.objects);
      },
    ),
  };
}
