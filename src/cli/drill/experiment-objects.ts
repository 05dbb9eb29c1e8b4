import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../../client/client-error';
import {
  explainRefusal,
  kindsByNamespace,
  titleOf,
  type ExperimentObject,
} from '../../domain/drill/experiment';
import type { KubectlAnswer, PersonKubectl } from './person-kubectl';

const mostTries = 3;

/** What kubectl reads from its standard input. */
export function asInput(objects: readonly ExperimentObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.map(({ json }) => json) });
}

/** Undefined as soon as a pod of the new version runs: known by the label of its rollout, or by the annotation of the drill. */
export async function whyNotRunning(
  kubectl: PersonKubectl,
  namespace: string,
  marks: readonly string[],
): Promise<string | undefined> {
  const each = String.raw`{.metadata.labels.belay\.dev/rollout} {.metadata.annotations.belay\.dev/drill}`;
  const output = `jsonpath={range .items[*]}${each}{"\\n"}{end}`;
  const running = ['--field-selector', 'status.phase=Running'];
  const answer = await kubectl.ask(['get', 'pods', '-n', namespace, ...running, '-o', output]);
  if (!answer.ok) return answer.complaint;
  const isThere = answer.out.split(/\s+/).some((mark) => marks.includes(mark));
  return isThere ? undefined : `kubectl sees no running pod of the new version in ${namespace}`;
}

/** Deletes the objects of an experiment's kinds that have a label, without a wait for their finalizers; answers the names. */
export async function removeBy(
  kubectl: PersonKubectl,
  objects: readonly ExperimentObject[],
  label: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [namespace, kinds] of kindsByNamespace(objects)) {
    const args = [
      'delete',
      kinds,
      '-n',
      namespace,
      '-l',
      label,
      '--ignore-not-found',
      '--wait=false',
      '-o',
      'name',
    ];
    names.push(...namesIn(orFail(objects, await kubectl.ask(args))));
  }
  return names;
}

/** How many objects of an experiment's kinds have a label. */
export async function countBy(
  kubectl: PersonKubectl,
  objects: readonly ExperimentObject[],
  label: string,
): Promise<number> {
  let count = 0;
  for (const [namespace, kinds] of kindsByNamespace(objects)) {
    const answer = await kubectl.ask(['get', kinds, '-n', namespace, '-l', label, '-o', 'name']);
    if (answer.ok) count += namesIn(answer.out).length;
  }
  return count;
}

/** Deletes them in spite of what passes; says how to do it by hand where it cannot be done. */
export async function insistOnRemoval(
  kubectl: PersonKubectl,
  objects: readonly ExperimentObject[],
  label: string,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await removeBy(kubectl, objects, label);
      return;
    } catch (error: unknown) {
      if (tries < mostTries) await sleep(1_000);
      else {
        const why = error instanceof Error ? error.message : String(error);
        const message = `the experiment may still be in the cluster: ${objects.map(titleOf).join(', ')}: ${why}`;
        const lines = [...kindsByNamespace(objects)].map(
          ([namespace, kinds]) => `\`kubectl delete ${kinds} -n ${namespace} -l ${label}\``,
        );
        throw new ClientError('Failed', message, { remedy: lines.join(' and '), cause: error });
      }
    }
  }
}

/** `podchaos.chaos-mesh.org/kill`; where there are none, kubectl says so in the same place. */
function namesIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => /^\S+\/\S+$/.test(line));
}

/** What kubectl answered; fails with what it complained about. */
export function orFail(objects: readonly ExperimentObject[], answer: KubectlAnswer): string {
  if (answer.ok) return answer.out;
  throw new ClientError('Failed', `${explainRefusal(objects, answer.complaint)}: ${answer.complaint}`, {
    remedy: 'drills use your own kubectl: try the same with `kubectl create --dry-run=server -f FILE`',
  });
}
