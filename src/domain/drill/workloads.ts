import { peekList, peekText } from '../peek';
import type { Read } from '../problem';
import { valueAt, type JsonMap } from '../read-json';
import { containersPath } from './fault';

/** An object of Git, and where it is. */
export interface FoundObject {
  /** From the repository's root. */
  readonly file: string;
  /** Which document of the file, from 0. */
  readonly index: number;
  readonly object: JsonMap;
}

const kinds = /^(?:apps\/v1 (?:Deployment|StatefulSet|DaemonSet)|argoproj\.io\/v1alpha1 Rollout)$/;

/**
 * The workload that a drill breaks: the one that is wanted (`web`, `deployment/web`), else the only one that has a strategy of Argo
 * Rollouts, else the only one there is.
 */
export function chooseWorkload(
  objects: readonly FoundObject[],
  wanted: string | undefined,
): Read<FoundObject> {
  const workloads = objects.filter(({ object }) => isWorkload(object));
  const breakable = workloads.filter(({ object }) => peekList(object, ...containersPath).length > 0);
  const fitting = breakable.filter(({ object }) => wanted === undefined || isCalled(object, wanted));
  const referred = new Set(workloads.map(({ object }) => referenceOf(object)));
  const withStrategy = fitting.filter(
    ({ object }) => peekText(object, 'kind') === 'Rollout' || referred.has(nameOf(object)),
  );
  const [only, ...others] = withStrategy.length > 0 ? withStrategy : fitting;
  if (only !== undefined && others.length === 0) return { ok: true, value: only };
  const names = breakable.map(({ object }) => nameOf(object)).join(', ');
  const message =
    only === undefined
      ? `there is no workload ${wanted ?? 'whose pods could be broken'}`
      : 'there are several workloads';
  const remedy =
    names === ''
      ? 'drills break Deployments, StatefulSets, DaemonSets and Rollouts'
      : `name one by --workload: ${names}`;
  return { ok: false, problems: [{ code: 'InvalidSpec', message, remedy }] };
}

/** `Rollout/web`. */
export function nameOf(object: JsonMap): string {
  return `${peekText(object, 'kind') ?? ''}/${peekText(object, 'metadata', 'name') ?? ''}`;
}

function isWorkload(object: JsonMap): boolean {
  return kinds.test(`${peekText(object, 'apiVersion') ?? ''} ${peekText(object, 'kind') ?? ''}`);
}

function isCalled(object: JsonMap, wanted: string): boolean {
  const name = nameOf(object).toLowerCase();
  return name === wanted.toLowerCase() || name.endsWith(`/${wanted.toLowerCase()}`);
}

/** What a Rollout takes its pods from instead of having them itself. */
function referenceOf(object: JsonMap): string | undefined {
  const ref = valueAt(object, 'spec', 'workloadRef');
  return ref === undefined ? undefined : `${peekText(ref, 'kind') ?? ''}/${peekText(ref, 'name') ?? ''}`;
}
