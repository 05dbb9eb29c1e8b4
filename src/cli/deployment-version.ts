import { UsageError } from './usage-error';
import type { WorkerOptions } from './worker-options';

/** What `--deployment` and `--build-id` say together. Throws UsageError for one without the other, and for what Temporal does not take. */
export function deploymentVersion(
  deploymentName: string | undefined,
  buildId: string | undefined,
): Pick<WorkerOptions, 'version'> {
  if (deploymentName === undefined && buildId === undefined) return {};
  if (deploymentName === undefined || buildId === undefined) {
    const [given, missing] =
      buildId === undefined ? ['--deployment', '--build-id'] : ['--build-id', '--deployment'];
    throw new UsageError(
      `${given} is of no use without ${missing}`,
      'name both, or neither where workers have no versions: docs/upgrades.md',
    );
  }
  for (const [option, value] of [
    ['--deployment', deploymentName],
    ['--build-id', buildId],
  ] as const)
    if (
      !/^[\w][\w.+-]*$/.test(value) ||
      value.startsWith('__') ||
      (option === '--deployment' && value.includes('.'))
    )
      throw new UsageError(
        `${option} ${JSON.stringify(value)} cannot be a name of Temporal's`,
        'write letters, digits, "-", "_" and, in the build, "." and "+"; "__" at the beginning is reserved',
      );
  return { version: { deploymentName, buildId } };
}
