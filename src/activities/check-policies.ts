import type { ApplicationSpec } from '../domain/application-spec';
import { policyVerdict, type PolicyVerdict } from '../domain/checks/policy-problems';
import { withoutCredentials } from '../domain/checks/plain-url';
import type { Loaded } from './load';
import type { Ports } from './ports';

/** Where no policy was asked, or none has found anything. */
export const noFindings: PolicyVerdict = { problems: [], warnings: [] };

/**
 * Asks the worker's policies and the application's own about a revision: with any problem nothing of it may be written. An application
 * that brings policies to a worker that knows none is refused. Throws PortError when Git cannot be reached.
 */
export function createPolicyCheck({
  policies,
}: Pick<Ports, 'policies'>): (
  spec: ApplicationSpec,
  loaded: Loaded,
  signal: AbortSignal,
) => Promise<PolicyVerdict> {
  return async (spec, { revision, objects }, signal) => {
    const { name, project, destination, source, policies: path } = spec;
    const { repoUrl } = source;
    if (policies === undefined) {
      if (path === undefined) return noFindings;
      const message = `the worker evaluates no policies, and ${name} has some in ${path}`;
      return { problems: [{ code: 'InvalidPolicy', message }], warnings: [] };
    }
    const answer = await policies.check(
      {
        application: {
          name,
          project,
          namespace: destination.namespace,
          repoUrl: withoutCredentials(repoUrl),
          path: source.path,
        },
        revision,
        objects: objects.map(({ object }) => object),
        ...(path === undefined ? {} : { folder: { repoUrl, revision, path } }),
      },
      signal,
    );
    return policyVerdict(objects, answer);
  };
}
