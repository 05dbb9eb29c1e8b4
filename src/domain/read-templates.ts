import { checkAnalysis } from './analysis/resolve';
import { readAnalysisTemplate } from './analysis/read-template';
import type { AnalysisRef, AnalysisTemplate } from './analysis/spec';
import type { Fields } from './fields';
import type { Located } from './located';
import type { Problem } from './problem';
import { isOf, type GroupKind, type Revision } from './read-revision';

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
  return objects.filter(isTemplate).flatMap((each) => readAnalysisTemplate(each, problems) ?? []);
}

/**
 * Reports what is wrong with a reference to analysis templates: those that are missing, arguments that nobody gives, conditions that
 * do not parse. `mustEnd`: the rollout waits for this analysis. A template that could not be read has its own problems already.
 */
export function checkReferred(
  fields: Fields,
  ref: AnalysisRef,
  { revision, mustEnd }: { readonly revision: Revision; readonly mustEnd: boolean },
): void {
  const { templates } = revision;
  const names = [ref, ...templates].flatMap((each) => each.templates.map(({ templateName }) => templateName));
  const unread = revision.objects.filter(isTemplate).map(({ object }) => object.metadata.name);
  const isUnread = (name: string) => unread.includes(name) && !templates.some((each) => each.name === name);
  if (names.some(isUnread)) return;
  const path = [...fields.path, fields.raw('templates') === undefined ? 'templateName' : 'templates'];
  for (const { message, remedy } of checkAnalysis(ref, templates, { mustEnd }))
    fields.report({ code: 'InvalidSpec', path, message, remedy });
}
