import type { AnalysisRef, AnalysisTemplate } from './analysis/spec';
import type { Fields } from './fields';
import { problemAt, type Located } from './located';
import type { Problem } from './problem';
import { isOf, type GroupKind, type Revision } from './read-revision';
import { suggestionFor } from './read-suggestion';

const kinds: readonly GroupKind[] = ['AnalysisTemplate', 'ClusterAnalysisTemplate'].map((kind) => ({
  group: 'argoproj.io',
  kind,
}));

/** Whether an object is an analysis template, of one namespace or of the cluster. */
export function isTemplate(located: Located): boolean {
  return kinds.some((kind) => isOf(located, kind));
}

/** Reads the analysis templates among the objects of a revision. */
export function readTemplates(objects: readonly Located[], problems: Problem[]): readonly AnalysisTemplate[] {
  for (const each of objects.filter(isTemplate)) {
    const message = `${each.object.kind} is not supported yet`;
    problems.push(problemAt(each, { code: 'Unsupported', path: [], message, remedy: 'remove it' }));
  }
  return [];
}

/** Reports what is wrong with a reference to analysis templates: those that are missing, and arguments that nobody gives. */
export function checkReferred(fields: Fields, ref: AnalysisRef, { templates }: Revision): void {
  for (const { templateName, clusterScope } of ref.templates) {
    const kind: AnalysisTemplate['kind'] = clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const names = templates.filter((each) => each.kind === kind).map(({ name }) => name);
    if (names.includes(templateName)) continue;
    const near = suggestionFor(templateName, names);
    const remedy = near === undefined ? 'add its manifest, or mend the name' : `did you mean "${near}"?`;
    const path = [...fields.path, fields.raw('templates') === undefined ? 'templateName' : 'templates'];
    const message = `${kind} ${templateName} is not in this revision`;
    fields.report({ code: 'InvalidSpec', path, message, value: templateName, remedy });
  }
}
