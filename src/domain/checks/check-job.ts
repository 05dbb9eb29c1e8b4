import { composeJob } from '../hook-job';
import type { KubeObject } from '../kube-object';
import { problemAt, type FieldPath, type Located } from '../located';
import { syncAnnotations } from '../sync/annotations';
import type { Problem } from '../problem';
import { isMap, mapOf, valueAt, type JsonMap } from '../read-json';

/** Marks of the Jobs that check a revision before anything of it is written. */
export const checkMarks = {
  /** Annotation in Git: `"true"`. */
  asked: 'belay.dev/check',
  /** Label on the Job that is made: the name of the one in Git. */
  of: 'belay.dev/check-of',
  /** Annotation on it: the revision that it checks. */
  revision: 'belay.dev/check-revision',
} as const;

const defaultDeadlineSeconds = 600;
const longestDeadlineSeconds = 3_600;
/** For containers that say nothing themselves. */
const defaultResources = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2', memory: '1Gi' },
} as const;

/** Whether an object asks to be run as a check, and so is never applied. */
export function isCheck({ object }: Located): boolean {
  return Object.hasOwn(object.metadata.annotations ?? {}, checkMarks.asked);
}

const otherRoles = [syncAnnotations.hook, syncAnnotations.helmHook, 'belay.dev/hook', 'belay.dev/undoes'];

/** Reports what makes an object no good as a check; `namespace` is the application's, the only one in which checks run. */
export function reportCheck(located: Located, namespace: string, problems: Problem[]): void {
  const { object } = located;
  const annotations = object.metadata.annotations ?? {};
  const report = (path: FieldPath, message: string, remedy: string): void =>
    void problems.push(problemAt(located, { code: 'InvalidSpec', path, message, remedy }));
  const asked = ['metadata', 'annotations', checkMarks.asked];
  if (annotations[checkMarks.asked] !== 'true')
    report(asked, `must be "true", not "${annotations[checkMarks.asked]}"`, 'write "true", or remove it');
  if (object.kind !== 'Job' || object.apiVersion !== 'batch/v1')
    return report(
      asked,
      'only a Job (batch/v1) can be a check',
      'remove the annotation, or make a Job of it',
    );
  for (const other of otherRoles.filter((name) => Object.hasOwn(annotations, name)))
    report(['metadata', 'annotations', other], 'a check is no hook', 'make two Jobs of it');
  if ((object.metadata.namespace ?? namespace) !== namespace)
    report(
      ['metadata', 'namespace'],
      `a check runs in the namespace of its application, ${namespace}`,
      'remove the namespace',
    );
  const podSpec = valueAt(object, 'spec', 'template', 'spec');
  const volumes = valueAt(podSpec, 'volumes');
  for (const [index, volume] of (Array.isArray(volumes) ? volumes : []).entries())
    if (hasToken(volume))
      report(
        ['spec', 'template', 'spec', 'volumes', index],
        'a check gets no token of a service account',
        'remove the volume: a check cannot ask the API server',
      );
}

function hasToken(volume: unknown): boolean {
  const sources = valueAt(volume, 'projected', 'sources');
  return Array.isArray(sources) && sources.some((each) => valueAt(each, 'serviceAccountToken') !== undefined);
}

export interface CheckRun {
  /** Of the Job that is made: the same for each try of one run, so that it is made once. */
  readonly name: string;
  readonly namespace: string;
  readonly application: string;
  readonly revision: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The Job as it is made: one try, a deadline, bounds for each container, and no token of a service account. */
export function composeCheck({ object }: Located, run: CheckRun): KubeObject {
  const { name, namespace, application, revision, env } = run;
  const job = composeJob(object, {
    name,
    namespace,
    application,
    env,
    annotations: { [checkMarks.revision]: revision },
  });
  const spec = mapOf(job['spec']);
  const template = mapOf(spec['template']);
  const podSpec = mapOf(template['spec']);
  const { labels, ...metadata } = job.metadata;
  const { [checkMarks.asked]: _asked, ...annotations } = metadata.annotations ?? {};
  return {
    ...job,
    metadata: {
      ...metadata,
      annotations,
      labels: { ...labels, [checkMarks.of]: labelOf(object.metadata.name) },
    },
    spec: {
      backoffLimit: 0,
      ...spec,
      activeDeadlineSeconds: deadlineOf(spec['activeDeadlineSeconds']),
      template: {
        ...template,
        spec: {
          restartPolicy: 'Never',
          ...podSpec,
          automountServiceAccountToken: false,
          ...bounded(podSpec, 'initContainers'),
          ...bounded(podSpec, 'containers'),
        },
      },
    },
  };
}

/** The value of the label by which the Jobs of one check are found. */
export function labelOf(name: string): string {
  return name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
}

function deadlineOf(written: unknown): number {
  if (typeof written !== 'number' || written <= 0) return defaultDeadlineSeconds;
  return Math.min(written, longestDeadlineSeconds);
}

function bounded(podSpec: JsonMap, field: string): JsonMap {
  const list = podSpec[field];
  if (!Array.isArray(list)) return {};
  const withBounds = (container: unknown): unknown =>
    isMap(container) && container['resources'] === undefined
      ? { ...container, resources: defaultResources }
      : container;
  return { [field]: list.map(withBounds) };
}
