import type { Problem } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';

/** Files that make a directory something else than plain manifests, with the tool and the command that renders it. */
const tools: Readonly<Record<string, readonly [name: string, command: string]>> = {
  'kustomization.yaml': ['Kustomize', 'kustomize build'],
  'kustomization.yml': ['Kustomize', 'kustomize build'],
  Kustomization: ['Kustomize', 'kustomize build'],
  'Chart.yaml': ['Helm', 'helm template'],
};

/** A directory among plain manifests that another tool renders. */
export interface OtherTool {
  readonly tool: string;
  /** The file that makes it one. */
  readonly file: string;
  /** Relative to the directory that is read, without a slash at its end; empty for that directory itself. */
  readonly directory: string;
  /** What a person calls to see what comes of it. */
  readonly command: string;
}

export interface WithoutOtherTools {
  readonly files: readonly TreeFile[];
  readonly others: readonly OtherTool[];
  /** What nothing renders: Jsonnet. */
  readonly problems: readonly Problem[];
}

/** What the directories of other tools hold is no manifest: their files are left out, and each directory is named once. */
export function withoutOtherTools(files: readonly TreeFile[]): WithoutOtherTools {
  const markers = files.filter((file) => Object.hasOwn(tools, baseName(file.path)));
  const others = markers.map(({ path }): OtherTool => {
    const [tool, command] = tools[baseName(path)] ?? [path, path];
    const directory = path.slice(0, -baseName(path).length).replace(/\/$/, '');
    return { tool, file: path, directory, command: `${command} ${directory === '' ? '.' : directory}` };
  });
  const isInside = ({ path }: TreeFile): boolean =>
    others.some(({ directory }) => directory === '' || path.startsWith(`${directory}/`));
  const problems = files
    .filter((file) => file.path.endsWith('.jsonnet'))
    .map(({ path }): Problem => {
      const remedy = 'commit the output of `jsonnet` and point spec.source.path at it';
      return { code: 'Unsupported', message: 'Jsonnet is not supported yet', file: path, line: 1, remedy };
    });
  return { files: files.filter((file) => !isInside(file)), others, problems };
}

/** A source that reads every file of its directories as a plain manifest cannot have another tool's directory among them. */
export function refuseOtherTool({ tool, file, directory }: OtherTool): Problem {
  const where = directory === '' ? 'this directory' : `${directory}, which is read as plain manifests,`;
  const remedy =
    directory === ''
      ? 'remove source.directory, or the file'
      : 'leave it out by directory.exclude, and deliver it by a source of its own with that path';
  return { code: 'InvalidSpec', message: `${where} is one for ${tool}`, file, line: 1, remedy };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
