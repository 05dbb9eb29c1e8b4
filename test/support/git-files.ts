import type { Git } from '../../src/adapters/git';

/** Texts of the files below a path of a commit, by their paths from the repository's root. */
export async function filesBelow(
  { trees }: Pick<Git, 'trees'>,
  repoUrl: string,
  path: string,
  revision: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const listed = await trees.list({ repoUrl, revision }, [path], { deep: true }, signal);
  const files = listed.filter(({ mode }) => mode.startsWith('100'));
  const contents = await trees.read(repoUrl, files, signal);
  return Object.fromEntries(files.map((file) => [file.path, contents.get(file.id)?.toString('utf8') ?? '']));
}
