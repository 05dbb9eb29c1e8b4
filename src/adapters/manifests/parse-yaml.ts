import { readOf, type Located } from '../../domain/located';
import type { Problem, Read } from '../../domain/problem';
import { findDuplicates } from '../../domain/read-duplicates';
import type { TreeFile } from '../../ports/git';
import { limits } from './limits';
import { refuseOtherTool, withoutOtherTools } from './other-tools';
import { readFile } from './read-file';

export interface ParseOptions {
  /** Whether files in sub-directories count (`directory.recurse`); true when the caller has chosen the files. */
  readonly recurse?: boolean;
}

/** Argo CD leaves out files that hold this; so do we. */
const skipMark = '+argocd:skip-file-rendering';

/** Every Kubernetes object of a directory of plain manifests, or everything that is wrong with the files. */
export function parseManifests(
  files: readonly TreeFile[],
  { recurse = true }: ParseOptions = {},
): Read<readonly Located[]> {
  const inside = recurse ? files : files.filter((file) => !file.path.includes('/'));
  const plain = withoutOtherTools(inside);
  const objects: Located[] = [];
  const problems: Problem[] = [...plain.others.map(refuseOtherTool), ...plain.problems];
  for (const { path, content } of plain.files) {
    if (!/\.(?:ya?ml|json)$/.test(path) || content.includes(skipMark)) continue;
    const read = readFile(content, path);
    problems.push(...read.problems);
    objects.push(...read.objects);
    if (objects.length > limits.objects)
      return readOf<readonly Located[]>(undefined, [...problems, tooMany(path)]);
  }
  return readOf<readonly Located[]>(objects, [...problems, ...findDuplicates(objects)]);
}

function tooMany(file: string): Problem {
  const message = `more than ${limits.objects} objects in one application`;
  return { code: 'InvalidYaml', message, file, remedy: 'split the application' };
}
