import type { SourceTrees } from '../../ports/git';
import type { PolicyFile, PolicyFolder } from '../../ports/policies';
import { isPolicy } from './folder';
import { folderLimits } from './limits';

/** The policy files of a folder of a repository at a revision, or in words why they cannot be read. Throws PortError. */
export async function readFromGit(
  trees: Pick<SourceTrees, 'list' | 'read'>,
  { repoUrl, revision, path }: PolicyFolder,
  signal: AbortSignal,
): Promise<readonly PolicyFile[] | string> {
  const all = await trees.list({ repoUrl, revision }, [path], { deep: true }, signal);
  if (!all.some((each) => each.mode === '040000' || path === '.'))
    return `there is no folder ${path} at ${revision.slice(0, 12)}`;
  const entries = all.filter((each) => each.mode !== '040000' && isPolicy(each.path));
  const odd = entries.find(({ mode }) => !mode.startsWith('100'));
  if (odd !== undefined) return `${odd.path} is a link; replace it by the file`;
  if (entries.length > folderLimits.files)
    return `${path} holds more than ${folderLimits.files} files of policies`;
  const contents = await trees.read(repoUrl, entries, signal);
  const files = entries.map((each) => ({
    path: each.path,
    content: contents.get(each.id)?.toString('utf8') ?? '',
  }));
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  return bytes > folderLimits.bytes
    ? `${path} holds more than ${folderLimits.bytes} bytes of policies`
    : files;
}
