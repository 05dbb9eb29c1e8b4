import type { Located } from './located';
import { readMetadata } from './read-metadata';
import { readPods } from './read-pods';
import { fieldsOf, namespaceOf, type Revision } from './read-revision';
import { readDeadline } from './read-rollout-spec';
import { requireField } from './read-with';
import type { Workload } from './workload';

/** A plain Deployment, applied as it is and watched. Its other fields are the API server's to check. */
export function readDeployment(located: Located, revision: Revision): Workload | undefined {
  const top = fieldsOf(located, revision);
  const { apiVersion, metadata } = located.object;
  if (apiVersion !== 'apps/v1') {
    const message = `version ${apiVersion} of Deployment is gone from Kubernetes`;
    return top.invalid('apiVersion', message, { value: apiVersion, remedy: 'write apps/v1' });
  }
  readMetadata(top, 'workload');
  const written = requireField(top, 'spec', 'write selector and template');
  const spec = written ? top.map('spec') : undefined;
  if (spec === undefined) return undefined;
  const replicas = spec.int('replicas');
  const { progressDeadlineSeconds } = readDeadline(spec);
  readPods(spec);
  const namespace = namespaceOf(located, revision);
  return {
    kind: 'Deployment',
    namespace,
    name: metadata.name,
    ...(replicas !== undefined && { replicas }),
    strategy: { kind: 'rolling' },
    progressDeadlineMs: progressDeadlineSeconds * 1_000,
    object: { ...located.object, metadata: { ...metadata, namespace } },
    file: located.file,
    lineOf: (path) => located.lineOf(path),
    line: located.line,
  };
}
