import type { Located } from '../domain/located';
import type { Read } from '../domain/problem';
import type { TreeFile } from './git';

/** Reads the YAML and JSON of a directory into objects that know where they were written; every problem at once. */
export type ManifestReader = (
  files: readonly TreeFile[],
  options: { readonly recurse: boolean; readonly namespace: string },
) => Read<readonly Located[]>;
