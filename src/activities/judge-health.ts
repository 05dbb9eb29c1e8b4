import { asJudged, healthOf, type Health, type HealthOptions } from '../domain/health';
import type { KubeObject } from '../domain/kube-object';
import type { HealthScripts } from '../ports/health';

/** The health of an object by the user's script of its kind, else by the rules; see `healthOf`. */
export async function judgeHealth(
  object: KubeObject,
  scripts: HealthScripts | undefined,
  options: Omit<HealthOptions, 'scripted'> = {},
): Promise<Health | undefined> {
  const scripted = await scripts?.healthOf(object);
  return healthOf(asJudged(object), { ...options, ...(scripted === undefined ? {} : { scripted }) });
}
