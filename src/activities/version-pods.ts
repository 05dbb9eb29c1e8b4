import { sidesOf, type Sides } from '../domain/analysis/pod-sides';
import type { Measuring } from './measuring';
import { withView } from './with-view';

/** The pods of both versions of the rollout that is measured, as they are now. */
export function podsOfVersions({ tools, spec, beat, selector }: Measuring): Promise<Sides> {
  const { namespace } = spec;
  return withView(tools.ports.cluster, { namespace, kinds: ['Pod'], signal: beat.signal }, (live) =>
    Promise.resolve(sidesOf(live.objects('Pod'), selector, spec)),
  );
}
