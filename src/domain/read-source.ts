import type { SourceSpec } from './application-spec';
import type { Fields } from './fields';
import { ignore, refuse, reportUnknown, type Refusals } from './read-refusals';
import { requireField } from './read-with';
import { readRepoUrl } from './read-repo-url';
import { readTargetRevision } from './read-target-revision';

const rendered = (command: string) => `commit the output of \`${command}\` and point spec.source.path at it`;

const tools: Refusals = {
  helm: ['Helm is', rendered('helm template')],
  chart: ['a chart from a Helm repository is', rendered('helm template')],
  kustomize: ['Kustomize is', rendered('kustomize build')],
  plugin: [
    'a config management plugin is',
    'commit the rendered manifests and point spec.source.path at them',
  ],
};
const parts: Refusals = {
  ref: ['a source that others refer to is', 'give one spec.source with one directory of plain manifests'],
  tagPrefix: ['tagPrefix is', 'name the branch, tag or commit itself in spec.source.targetRevision'],
};
const directoryRefusals: Refusals = {
  jsonnet: ['Jsonnet is', rendered('jsonnet')],
  include: ['include is', 'move the manifests to a directory of their own'],
  exclude: ['exclude is', 'move what is not to be applied out of the directory'],
  disableExtensionFilter: ['disableExtensionFilter is', 'name the files .yaml, .yml or .json'],
};

/** Reads `spec.source`; undefined when it is missing or names no repository. */
export function readSource(spec: Fields): SourceSpec | undefined {
  const elsewhere = ['sources', 'sourceHydrator'].some((key) => spec.raw(key) !== undefined);
  if (elsewhere && spec.raw('source') === undefined) return undefined;
  if (!requireField(spec, 'source', 'write source.repoURL and source.path')) return undefined;
  const source = spec.map('source');
  if (source === undefined) return undefined;
  refuse(source, tools, { emptyMap: false });
  refuse(source, parts);
  ignore(source, 'name');
  const repoUrl = readRepoUrl(source);
  const targetRevision = readTargetRevision(source);
  const path = readPath(source);
  const recurse = readRecurse(source);
  reportUnknown(source);
  return repoUrl === undefined ? undefined : { repoUrl, path, targetRevision, recurse };
}

function readPath(source: Fields): string {
  const path = source.string('path') ?? '.';
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const rest = { value: path, remedy: "write it relative to the repository's root, such as deploy/web" };
  if (path.startsWith('/')) source.invalid('path', `path ${path} is absolute`, rest);
  if (names.includes('..')) source.invalid('path', `path ${path} has ".." in it`, rest);
  if (/[\p{Cc}\\]/u.test(path)) source.invalid('path', 'has characters that no path has', rest);
  return names.length === 0 ? '.' : names.join('/');
}

function readRecurse(source: Fields): boolean {
  const directory = source.map('directory');
  if (directory === undefined) return false;
  refuse(directory, directoryRefusals, { emptyMap: false });
  const recurse = directory.boolean('recurse') ?? false;
  reportUnknown(directory);
  return recurse;
}
