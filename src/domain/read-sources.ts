import type { SourceSpec } from './application-spec';
import type { Fields } from './fields';
import { isMap } from './read-json';
import { peekText } from './peek';
import { readSource } from './read-source';
import { requireField } from './read-with';

/** The sources of an application, the one that Git write-back is about apart from the rest. */
export interface Sources {
  readonly source: SourceSpec;
  readonly otherSources?: readonly SourceSpec[];
}

/** Reads `spec.source` or `spec.sources`, of which Argo CD silently prefers the second; undefined when one is missing or wrong. */
export function readSources(spec: Fields): Sources | undefined {
  const many = spec.maps('sources');
  const single = spec.raw('source');
  if (many.length === 0) return spec.list('sources').length === 0 ? readSingle(spec) : undefined;
  if (single !== undefined && !(isMap(single) && Object.keys(single).length === 0)) {
    const remedy = 'keep one of them (Argo CD takes sources)';
    spec.invalid('sources', 'source and sources are both given', { remedy });
  }
  return readMany(spec, many);
}

function readSingle(spec: Fields): Sources | undefined {
  if (spec.raw('sourceHydrator') !== undefined && spec.raw('source') === undefined) return undefined;
  if (!requireField(spec, 'source', 'write source.repoURL and source.path')) return undefined;
  const fields = spec.map('source');
  const source = fields && readSource(fields, { refs: refsOf([fields]), isOneOfMany: false });
  return source && { source };
}

function readMany(spec: Fields, many: readonly Fields[]): Sources | undefined {
  reportEqualRefs(many);
  const refs = refsOf(many);
  const read = many.map((each) => readSource(each, { refs, isOneOfMany: true }));
  const sources = read.filter((each) => each !== undefined);
  if (sources.length < many.length) return undefined;
  if (sources.every(({ refOnly }) => refOnly === true)) {
    const remedy = 'give one of them a path, or add a source with a path or a chart';
    spec.invalid('sources', 'all sources are only referred to: nothing is delivered', { remedy });
  }
  const inGit = sources.find(({ chart, refOnly }) => chart === undefined && refOnly !== true);
  const source = inGit ?? sources[0];
  const otherSources = sources.filter((each) => each !== source);
  return source && { source, ...(otherSources.length > 0 && { otherSources }) };
}

/** What the sources are called, before each of them is read: they may refer to each other in any order. */
function refsOf(sources: readonly Fields[]): readonly string[] {
  return sources.flatMap(({ values }) => {
    const ref = peekText(values, 'ref') ?? '';
    return ref === '' || peekText(values, 'chart') !== undefined ? [] : [ref];
  });
}

function reportEqualRefs(sources: readonly Fields[]): void {
  const first = new Map<string, number>();
  for (const [index, source] of sources.entries()) {
    const ref = peekText(source.values, 'ref') ?? '';
    const other = first.get(ref);
    if (ref === '') continue;
    if (other === undefined) first.set(ref, index);
    else {
      const message = `sources ${other} and ${index} have the same ref "${ref}"`;
      source.invalid('ref', message, { value: ref, remedy: 'give each its own' });
    }
  }
}
