import { didYouMean } from '../read-suggestion';
import type { Complaint } from './complaint';
import type { AnalysisRef, AnalysisTemplate } from './spec';

type TemplateRef = AnalysisRef['templates'][number];

/** How a person names a template: `AnalysisTemplate success-rate`. */
export function nameOfTemplate({ kind, name }: Pick<AnalysisTemplate, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/**
 * The templates that a reference means, with those that they refer to themselves, each once: those of the namespace first, as Argo
 * merges them. Templates that are missing, or that refer to themselves in the end, are complaints.
 */
export function gatherTemplates(
  refs: readonly TemplateRef[],
  templates: readonly AnalysisTemplate[],
): { readonly templates: readonly AnalysisTemplate[]; readonly complaints: readonly Complaint[] } {
  const found = new Set<AnalysisTemplate>();
  const complaints: Complaint[] = [];
  const visit = (ref: TemplateRef, path: readonly AnalysisTemplate[]): void => {
    const template = templates.find((each) => each.kind === kindOfRef(ref) && each.name === ref.templateName);
    if (template === undefined) {
      complaints.push(missing(ref, templates, path.at(-1)));
    } else if (path.includes(template)) {
      complaints.push(cycle([...path.slice(path.indexOf(template)), template]));
    } else if (!found.has(template)) {
      found.add(template);
      for (const nested of template.templates) visit(nested, [...path, template]);
    }
  };
  for (const ref of refs) visit(ref, []);
  const all = [...found];
  const isOfCluster = ({ kind }: AnalysisTemplate) => kind === 'ClusterAnalysisTemplate';
  return {
    templates: [...all.filter((each) => !isOfCluster(each)), ...all.filter(isOfCluster)],
    complaints,
  };
}

function kindOfRef({ clusterScope }: TemplateRef): AnalysisTemplate['kind'] {
  return clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
}

function missing(
  ref: TemplateRef,
  templates: readonly AnalysisTemplate[],
  from: AnalysisTemplate | undefined,
): Complaint {
  const kind = kindOfRef(ref);
  const wanted = nameOfTemplate({ kind, name: ref.templateName });
  const message = `there is no ${wanted}${from === undefined ? '' : `, to which ${nameOfTemplate(from)} refers`}`;
  if (templates.some((each) => each.kind !== kind && each.name === ref.templateName)) {
    return { message, remedy: ref.clusterScope ? 'remove clusterScope' : 'write clusterScope: true' };
  }
  const names = templates.filter((each) => each.kind === kind).map(({ name }) => name);
  const remedy = didYouMean(ref.templateName, names, 'add it beside the other manifests');
  return { message, remedy };
}

function cycle(path: readonly AnalysisTemplate[]): Complaint {
  const [first] = path;
  const way = path.map(({ name }) => name).join(' → ');
  const name = first === undefined ? 'a template' : nameOfTemplate(first);
  return { message: `${name} refers to itself: ${way}`, remedy: 'take one of the references away' };
}
