import type { SourceSpec } from '../../domain/application-spec';
import type { Problem, Read } from '../../domain/problem';
import { compileGlob } from './glob';

export type SourceKind = 'directory' | 'kustomize' | 'helm';

/** The names that Kustomize looks for, in its order. */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const titles = { directory: 'a directory of plain manifests', kustomize: 'Kustomize', helm: 'Helm' };

/**
 * What makes manifests of a directory, as Argo CD decides it: what the source has options for, else what lies there (Kustomize
 * before Helm, since a directory with both is a chart inflated by nobody). Options for something that is not there are a problem.
 */
export function detectKind(source: SourceSpec, names: readonly string[]): Read<SourceKind> {
  const marker = kustomizationNames.find((name) => names.includes(name));
  const asked = (['directory', 'kustomize', 'helm'] as const).filter((kind) => isAsked(source, kind));
  if (asked.length > 1) {
    const message = `options for ${asked.map((kind) => titles[kind]).join(' and ')} are given, but only one of them can make the manifests`;
    return wrong(source, { message, remedy: `keep one of source.${asked.join(', source.')}` });
  }
  const detected = marker !== undefined ? 'kustomize' : names.includes('Chart.yaml') ? 'helm' : 'directory';
  const [kind] = asked;
  if (kind === undefined || kind === detected) return { ok: true, value: detected };
  if (kind === 'helm' && names.includes('Chart.yaml')) return { ok: true, value: 'helm' };
  if (kind === 'directory' && !readsMarker(source, marker ?? 'Chart.yaml')) return { ok: true, value: kind };
  const found =
    detected === 'directory' ? '' : ` holds ${marker ?? 'Chart.yaml'}, so it is ${titles[detected]}, and`;
  const lacks =
    kind === 'kustomize' ? ' has no kustomization.yaml' : kind === 'helm' ? ' has no Chart.yaml' : ' is none';
  return wrong(source, {
    field: `spec.source.${kind}`,
    message: `options for ${titles[kind]} are given, but ${source.path}${found}${lacks}`,
    remedy: `remove source.${kind}, or correct source.path`,
  });
}

function isAsked(source: SourceSpec, kind: SourceKind): boolean {
  if (kind === 'directory' && source.recurse) return true;
  const options = source[kind];
  return options !== undefined && Object.values(options).some((value) => value !== undefined);
}

/** Whether the plain directory would take the other tool's file for a manifest. */
function readsMarker({ directory }: SourceSpec, marker: string): boolean {
  if (directory?.exclude !== undefined && compileGlob(directory.exclude)?.(marker) === true) return false;
  return directory?.include === undefined || compileGlob(directory.include)?.(marker) !== false;
}

function wrong(source: SourceSpec, facts: Pick<Problem, 'message' | 'remedy' | 'field'>): Read<never> {
  return { ok: false, problems: [{ code: 'InvalidSpec', value: source.path, ...facts }] };
}
