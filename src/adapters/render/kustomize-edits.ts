import type { KustomizeOptions } from '../../domain/application-spec';

/**
 * The `kustomize edit` commands that stand for the options, in Argo CD's order. Patches are no command: they are written into the
 * file.
 */
export function editsOf(options: KustomizeOptions): string[][] {
  const { namePrefix, nameSuffix, images = [], replicas = [], namespace, components = [] } = options;
  const labels = pairsOf(options.commonLabels);
  const annotations = pairsOf(options.commonAnnotations);
  const edits: string[][] = [];
  if (namePrefix) edits.push(['set', 'nameprefix', '--', namePrefix]);
  if (nameSuffix) edits.push(['set', 'namesuffix', '--', nameSuffix]);
  if (images.length > 0) edits.push(['set', 'image', '--', ...images]);
  if (replicas.length > 0)
    edits.push(['set', 'replicas', '--', ...replicas.map(({ name, count }) => `${name}=${count}`)]);
  if (labels.length > 0) {
    const flags = [
      ...(options.forceCommonLabels ? ['--force'] : []),
      ...(options.labelWithoutSelector ? ['--without-selector'] : []),
      ...(options.labelIncludeTemplates ? ['--include-templates'] : []),
    ];
    edits.push(['add', 'label', ...flags, '--', ...labels]);
  }
  if (annotations.length > 0)
    edits.push([
      'add',
      'annotation',
      ...(options.forceCommonAnnotations ? ['--force'] : []),
      '--',
      ...annotations,
    ]);
  if (namespace) edits.push(['set', 'namespace', '--', namespace]);
  if (components.length > 0) edits.push(['add', 'component', '--', ...components]);
  return edits;
}

/** `key:value` as Kustomize reads it: a value with a comma or colon stands in quotes. */
function pairsOf(map: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}:${value}`);
}
