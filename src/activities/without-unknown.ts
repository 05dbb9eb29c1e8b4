import type { KubeObject } from '../domain/kube-object';
import type { FieldPath } from '../domain/located';
import type { Cluster, Write } from '../ports/cluster';
import { isPortError } from '../ports/port-error';
import { unknownField } from './refused-field';

const mostUnknown = 50;

/**
 * `Validate=false`: what the server has no schema for is left out, as it does itself with everything but server-side apply, which
 * refuses it whatever is asked. It names one field at a time.
 */
export async function withoutUnknown(
  cluster: Cluster,
  object: KubeObject,
  write: Write,
): Promise<KubeObject> {
  let left = object;
  for (let fields = 0; fields < mostUnknown; fields += 1) {
    try {
      await cluster.apply(left, write);
      return left;
    } catch (error: unknown) {
      const path = isPortError(error, 'Invalid', 'InvalidSpec') ? unknownField(left, error) : undefined;
      if (path === undefined) return left; // the next try says what is wrong
      left = withoutField(left, path) as KubeObject;
    }
  }
  return left;
}

function withoutField(value: unknown, [part, ...rest]: FieldPath): unknown {
  if (part === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return items.map((item, index) => (index === part ? withoutField(item, rest) : item));
  }
  const map = value as Readonly<Record<string, unknown>>;
  const { [part]: inner, ...others } = map;
  return rest.length === 0 ? others : { ...map, [part]: withoutField(inner, rest) };
}
