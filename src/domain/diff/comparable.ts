import type { KubeObject } from '../kube-object';
import { marks } from '../marks';

/** What an apply can change: no status, no bookkeeping of the API server (Argo CD leaves out the same), none of Belay's own. */
export function comparable({ status: _status, metadata, ...rest }: KubeObject): KubeObject {
  const {
    managedFields: _m,
    resourceVersion: _r,
    generation: _g,
    creationTimestamp: _c,
    annotations,
    ...meta
  } = metadata;
  const { [marks.fence]: _f, [marks.wanted]: _w, [marks.route]: _route, ...kept } = annotations ?? {};
  return {
    ...rest,
    metadata: { ...meta, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) },
  };
}
