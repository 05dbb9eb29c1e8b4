import type { KustomizeOptions } from './application-spec';
import type { Fields } from './fields';
import { readPatches } from './read-kustomize-patches';
import { refuseBuildVariables, withoutVariables } from './read-build-environment';
import { refuseReserved } from './read-metadata';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { checkRelativePath } from './read-repo-path';
import { readRenderTarget } from './read-render-target';
import { asked, readFlag, readText, readTextItems, written } from './read-texts';
import { requireField } from './read-with';

const refusals: Refusals = {
  version: ['a Kustomize version of its own is', 'remove it: the version that the worker brings is used'],
};
const name = String.raw`[A-Za-z0-9][\w.-]*(?::\d+(?=/))?(?:/[\w.-]+)*`;
const image = new RegExp(
  `^${name}(?:=(?:${name}|\\*))?(?::(?:\\w[\\w.-]{0,127}|\\*))?(?:@(?:[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}|\\*))?$`,
);

/** Reads `source.kustomize` of a kustomization at `path`; undefined when it asks for nothing. */
export function readKustomize(source: Fields, path: string): KustomizeOptions | undefined {
  const kustomize = source.map('kustomize');
  if (kustomize === undefined) return undefined;
  refuse(kustomize, refusals);
  const options = written<KustomizeOptions>({
    namePrefix: readAffix(kustomize, 'namePrefix'),
    nameSuffix: readAffix(kustomize, 'nameSuffix'),
    images: readImages(kustomize),
    replicas: readReplicas(kustomize),
    ...readCommonMetadata(kustomize),
    patches: readPatches(kustomize, path),
    components: readComponents(kustomize, path),
    ignoreMissingComponents: readFlag(kustomize, 'ignoreMissingComponents'),
    ...readRenderTarget(kustomize),
  });
  reportUnknown(kustomize);
  return options;
}

function readAffix(kustomize: Fields, key: string): string | undefined {
  const affix = readText(kustomize, key);
  if (affix === undefined || /^[A-Za-z0-9.:-]+$/.test(affix)) return affix;
  const remedy = 'use letters, digits, dashes and dots';
  return kustomize.invalid(key, `"${affix}" cannot be part of a name`, { value: affix, remedy });
}

/** The syntax of `kustomize edit set image`: a name, and at least one of a new name, a tag and a digest. */
function readImages(kustomize: Fields): readonly string[] | undefined {
  const items = readTextItems(kustomize, 'images');
  for (const item of items) {
    if (refuseBuildVariables(kustomize, item)) continue;
    const { text, path } = item;
    const rest = { path, value: text, remedy: 'write name:tag, name@digest or name=new-name:tag' };
    if (!image.test(withoutVariables(text))) {
      kustomize.report({ code: 'InvalidSpec', message: `"${text}" names no image`, ...rest });
    } else if (!/[=@]|:[^/]*$/.test(withoutVariables(text))) {
      const message = `"${text}" says nothing new about the image`;
      kustomize.report({ code: 'InvalidSpec', message, ...rest });
    }
  }
  return asked(items.map(({ text }) => text));
}

function readReplicas(kustomize: Fields): KustomizeOptions['replicas'] {
  const replicas = kustomize.maps('replicas').map((each) => {
    requireField(each, 'name', 'write the name of a Deployment, ReplicaSet or StatefulSet');
    const isWritten = requireField(each, 'count', 'write how many');
    const count = isWritten ? readCount(each) : undefined;
    const read = { name: each.string('name') ?? '', count: count ?? 0 };
    reportUnknown(each);
    return read;
  });
  return asked(replicas);
}

/** A whole number, with or without quotes, as in Argo CD. */
function readCount(replica: Fields): number | undefined {
  const count = replica.raw('count');
  if (typeof count === 'string' && /^\d{1,9}$/.test(count)) return Number(count);
  return replica.int('count');
}

type CommonKey =
  | 'commonLabels'
  | 'labelWithoutSelector'
  | 'labelIncludeTemplates'
  | 'forceCommonLabels'
  | 'commonAnnotations'
  | 'commonAnnotationsEnvsubst'
  | 'forceCommonAnnotations';

function readCommonMetadata(kustomize: Fields): {
  readonly [K in CommonKey]: KustomizeOptions[K] | undefined;
} {
  const labels = kustomize.strings('commonLabels');
  refuseReserved(kustomize, 'commonLabels', labels);
  const annotations = kustomize.strings('commonAnnotations');
  const commonAnnotationsEnvsubst = readFlag(kustomize, 'commonAnnotationsEnvsubst');
  const filled = {
    commonLabels: labels,
    ...(commonAnnotationsEnvsubst && { commonAnnotations: annotations }),
  };
  for (const [field, texts] of Object.entries(filled)) {
    for (const [key, text] of Object.entries(texts)) {
      refuseBuildVariables(kustomize, { text, path: [...kustomize.path, field, key] });
    }
  }
  return {
    commonLabels: Object.keys(labels).length === 0 ? undefined : labels,
    labelWithoutSelector: readFlag(kustomize, 'labelWithoutSelector'),
    labelIncludeTemplates: readFlag(kustomize, 'labelIncludeTemplates'),
    forceCommonLabels: readFlag(kustomize, 'forceCommonLabels'),
    commonAnnotations: Object.keys(annotations).length === 0 ? undefined : annotations,
    commonAnnotationsEnvsubst,
    forceCommonAnnotations: readFlag(kustomize, 'forceCommonAnnotations'),
  };
}

function readComponents(kustomize: Fields, directory: string): readonly string[] | undefined {
  const items = readTextItems(kustomize, 'components');
  for (const item of items) {
    if (/:\/\/|^[\w.-]+@[^/]+:|\?(?:ref|version)=|^github\.com\//.test(item.text)) {
      const message = 'a component of another repository is not supported yet';
      const remedy = 'commit it to this repository and name its path';
      kustomize.report({ code: 'Unsupported', path: item.path, message, remedy });
    } else {
      checkRelativePath(kustomize, item, directory);
    }
  }
  return asked(items.map(({ text }) => text));
}
