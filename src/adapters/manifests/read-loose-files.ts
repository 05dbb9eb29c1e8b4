import type { Problem } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';
import { withoutOtherTools, type OtherTool } from './other-tools';
import { readFile } from './read-file';
import type { ReadObjects } from './read-object';

const skipMark = '+argocd:skip-file-rendering';

export interface LooseObjects extends ReadObjects {
  /** Directories that are left out, since another tool makes the manifests of them. */
  readonly others: readonly OtherTool[];
}

/** A file; `isNamed`: a person has given it by name, so it is read whatever it is called and holds. */
export interface LooseFile extends TreeFile {
  readonly isNamed?: boolean;
}

/**
 * The objects of files that need not belong together, with everything that is wrong with the files. Where no file of a directory
 * says `apiVersion`, as in the root of a repository with its `package.json`, there are no manifests to judge.
 */
export function readLooseFiles(files: readonly LooseFile[]): LooseObjects {
  const plain = withoutOtherTools(files);
  const named = new Set(files.filter(({ isNamed }) => isNamed).map(({ path }) => path));
  const withManifests = new Set(plain.files.filter(isManifest).map(({ path }) => directoryOf(path)));
  const objects: ReadObjects['objects'][number][] = [];
  const problems: Problem[] = [...plain.problems];
  for (const { path, content } of plain.files) {
    const mayHold = /\.(?:ya?ml|json)$/.test(path) && withManifests.has(directoryOf(path));
    if (content.includes(skipMark) || !(mayHold || named.has(path))) continue;
    const read = readFile(content, path);
    problems.push(...read.problems);
    objects.push(...read.objects);
  }
  return { objects, problems, others: plain.others };
}

function isManifest({ content }: TreeFile): boolean {
  return /["']?apiVersion["']?\s*:/.test(content);
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
