import type { DirectoryOptions } from './application-spec';
import type { Fields } from './fields';
import { isMap } from './read-json';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { readText, written } from './read-texts';

const refusals: Refusals = {
  disableExtensionFilter: [
    'disableExtensionFilter is',
    'name the files .yaml, .yml or .json; include and exclude choose among them',
  ],
};

/** Reads `source.directory`: whether directories below count, and which files do. */
export function readDirectory(source: Fields): {
  readonly recurse: boolean;
  readonly directory: DirectoryOptions | undefined;
} {
  const directory = source.map('directory');
  if (directory === undefined) return { recurse: false, directory: undefined };
  refuse(directory, refusals);
  refuseJsonnet(directory);
  const recurse = directory.boolean('recurse') ?? false;
  const include = readText(directory, 'include');
  const exclude = readText(directory, 'exclude');
  reportUnknown(directory);
  return { recurse, directory: written<DirectoryOptions>({ include, exclude }) };
}

/** Argo CD itself writes `jsonnet: {}` into every directory; that, and empty lists, ask for nothing. */
function refuseJsonnet(directory: Fields): void {
  const jsonnet = directory.raw('jsonnet');
  const isNothing = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
  if (jsonnet === undefined || (isMap(jsonnet) && Object.values(jsonnet).every(isNothing))) return;
  const remedy = 'commit the output of `jsonnet` and point spec.source.path at it';
  const path = [...directory.path, 'jsonnet'];
  directory.report({ code: 'Unsupported', path, message: 'Jsonnet is not supported yet', remedy });
}
