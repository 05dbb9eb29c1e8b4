import type { ApplicationDiff } from '../domain/diff/application-diff';
import type { DiffInput } from '../messages/diff';
import { asking } from './proxies';

/** Compares the cluster with a revision of an application and answers what differs; secrets are masked by the activity. */
export function diff({ cluster, ...input }: DiffInput): Promise<ApplicationDiff> {
  const summary = `compare with ${input.revision.slice(0, 40)}`;
  return asking(cluster).diffApplication.executeWithOptions({ summary }, [input]);
}
