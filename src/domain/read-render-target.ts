import type { Fields } from './fields';
import { asked, readText, readTextItems } from './read-texts';

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What Helm and Kustomize are both told about the cluster; the defaults are the cluster's own. */
export interface RenderTarget {
  readonly namespace: string | undefined;
  readonly kubeVersion: string | undefined;
  readonly apiVersions: readonly string[] | undefined;
}

/** Reads `namespace`, `kubeVersion` and `apiVersions` of `source.helm` or `source.kustomize`. */
export function readRenderTarget(tool: Fields): RenderTarget {
  return {
    namespace: readNamespace(tool, 'namespace'),
    kubeVersion: readKubeVersion(tool),
    apiVersions: readApiVersions(tool),
  };
}

/** Reads the name of a namespace; an empty one is none. */
export function readNamespace(fields: Fields, key: string): string | undefined {
  const namespace = readText(fields, key);
  if (namespace === undefined || label.test(namespace)) return namespace;
  const message = `"${namespace}" is not the name of a namespace`;
  const remedy = 'use at most 63 lower-case letters, digits and dashes';
  return fields.invalid(key, message, { value: namespace, remedy });
}

function readKubeVersion(tool: Fields): string | undefined {
  const version = readText(tool, 'kubeVersion');
  if (version === undefined || /^v?\d+\.\d+(\.\d+)?([-+][0-9A-Za-z.+-]+)?$/.test(version)) return version;
  const advice = { value: version, remedy: 'write one such as 1.30.0' };
  return tool.invalid('kubeVersion', `"${version}" is no version of Kubernetes`, advice);
}

function readApiVersions(tool: Fields): readonly string[] | undefined {
  const items = readTextItems(tool, 'apiVersions');
  for (const { text, path } of items) {
    if (/^([a-z0-9.-]+\/){0,2}[A-Za-z0-9]+$/.test(text)) continue;
    const message = `"${text}" is no API version`;
    const remedy = 'write one such as apps/v1 or apps/v1/Deployment';
    tool.report({ code: 'InvalidSpec', path, message, value: text, remedy });
  }
  return asked(items.map(({ text }) => text));
}
