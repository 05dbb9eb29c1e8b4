import { sameJson } from '../read-json';
import { suggestionFor } from '../read-suggestion';
import type { Complaint } from './complaint';
import { nameOfTemplate } from './gather-templates';
import type { AnalysisArg, AnalysisTemplate, ArgSource } from './spec';

/**
 * The arguments of merged templates with what a reference gives for them, as Argo merges them: the reference wins, an argument
 * that no template declares is left out. Every declared argument needs a value, and defaults of two templates may not differ.
 */
export function mergeArgs(
  given: readonly AnalysisArg[],
  templates: readonly AnalysisTemplate[],
): { readonly args: ReadonlyMap<string, ArgSource>; readonly complaints: readonly Complaint[] } {
  const declared = new Map<string, { source: ArgSource; by: AnalysisTemplate }>();
  const complaints: Complaint[] = [];
  for (const by of templates) {
    for (const { name, source } of by.args) {
      const before = declared.get(name);
      if (before === undefined || before.source.kind === 'missing') declared.set(name, { source, by });
      else if (source.kind !== 'missing' && !sameJson(source, before.source)) {
        const message = `argument "${name}" has different defaults in ${nameOfTemplate(before.by)} and ${nameOfTemplate(by)}`;
        complaints.push({ message, remedy: 'rename one of them, or leave one default out' });
      }
    }
  }
  const args = new Map<string, ArgSource>();
  for (const [name, { source, by }] of declared) {
    const own = given.find((arg) => arg.name === name && arg.source.kind !== 'missing');
    const value = own?.source ?? source;
    args.set(name, value);
    if (value.kind === 'missing') complaints.push(unresolved(name, by, given, declared));
  }
  return { args, complaints };
}

function unresolved(
  name: string,
  by: AnalysisTemplate,
  given: readonly AnalysisArg[],
  declared: ReadonlyMap<string, unknown>,
): Complaint {
  const strangers = given.map((arg) => arg.name).filter((each) => !declared.has(each));
  const near = suggestionFor(name, strangers);
  const remedy =
    near === undefined
      ? 'give it a value under args where the template is referred to, or a default in the template'
      : `"${near}" is given, which no template asks for: rename it`;
  return { message: `argument "${name}" of ${nameOfTemplate(by)} has no value`, remedy };
}
