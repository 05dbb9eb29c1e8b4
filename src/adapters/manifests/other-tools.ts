import type { Problem } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';

/** Files that make a directory something else than plain manifests, with the tool and the command that renders it. */
const tools: Readonly<Record<string, readonly [name: string, command: string]>> = {
  'kustomization.yaml': ['Kustomize', 'kustomize build'],
  'kustomization.yml': ['Kustomize', 'kustomize build'],
  Kustomization: ['Kustomize', 'kustomize build'],
  'Chart.yaml': ['Helm', 'helm template'],
};

/** What the directories of other tools hold is no manifest: their files are left out and each tool is refused once by name. */
export function withoutOtherTools(files: readonly TreeFile[]): {
  files: readonly TreeFile[];
  problems: Problem[];
} {
  const markers = files.filter((file) => Object.hasOwn(tools, baseName(file.path)));
  const directories = markers.map((file) => file.path.slice(0, -baseName(file.path).length));
  const problems: Problem[] = markers.map(({ path }) => {
    const [tool, command] = tools[baseName(path)] ?? [path, path];
    const remedy = `commit the output of \`${command}\` and point spec.source.path at it`;
    return { code: 'Unsupported', message: `${tool} is not supported yet`, file: path, line: 1, remedy };
  });
  for (const { path } of files.filter((file) => file.path.endsWith('.jsonnet'))) {
    const remedy = 'commit the output of `jsonnet` and point spec.source.path at it';
    problems.push({
      code: 'Unsupported',
      message: 'Jsonnet is not supported yet',
      file: path,
      line: 1,
      remedy,
    });
  }
  const left = files.filter((file) => !directories.some((directory) => file.path.startsWith(directory)));
  return { files: left, problems };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
