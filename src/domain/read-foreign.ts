import { groupOf } from './kube-object';
import { problemAt } from './located';
import type { Revision } from './read-revision';

/** Kinds of argoproj.io that only mean something to a controller that Belay does without, and what to do with them. */
const foreignKinds: Readonly<Record<string, string>> = {
  AnalysisRun: 'remove it: write an AnalysisTemplate, and refer to it in a Rollout',
  Experiment: 'remove it: write an experiment step in a Rollout',
  Application: 'give them to Belay themselves: `belay app create -f PARENT --children`',
  ApplicationSet: 'write one Application for each of the applications that it would generate',
  AppProject: 'remove it',
};

/** Refuses objects that would be applied and then do nothing. */
export function checkForeign(revision: Revision): void {
  for (const each of revision.objects) {
    const { apiVersion, kind } = each.object;
    if (groupOf(apiVersion) !== 'argoproj.io' || !Object.hasOwn(foreignKinds, kind)) continue;
    const remedy = foreignKinds[kind] ?? 'remove it';
    const message = `${kind} is not supported yet`;
    revision.problems.push(problemAt(each, { code: 'Unsupported', path: [], message, remedy }));
  }
}
