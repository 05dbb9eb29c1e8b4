import type { CommitInfo } from '../../ports/git';
import type { Mirror } from './mirror';

const format = '%H%x00%an%x00%ae%x00%at%x00%s%x00%(trailers:only,unfold)';

/** Reads author, subject, time and trailers of a commit that the mirror holds. */
export async function readCommit(
  mirror: Mirror,
  revision: string,
  signal?: AbortSignal,
): Promise<CommitInfo> {
  const args = [
    'log',
    '-1',
    '--no-show-signature',
    '--no-color',
    '--encoding=UTF-8',
    `--format=${format}`,
    revision,
  ];
  const [id = '', authorName = '', authorEmail = '', seconds = '', subject = '', trailers = ''] = (
    await mirror.local(args, { signal })
  ).split('\0');
  return {
    revision: id,
    subject,
    authorName,
    authorEmail,
    authoredAt: Number(seconds) * 1000,
    trailers: parseTrailers(trailers),
  };
}

/** A key that comes twice, such as `Co-authored-by`, keeps its values on lines of their own. */
function parseTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const found = /^([A-Za-z0-9-]+)\s*:\s*(.*)$/.exec(line);
    if (found === null) continue;
    const [, key = '', value = ''] = found;
    trailers[key] = Object.hasOwn(trailers, key) ? `${trailers[key]}\n${value}` : value;
  }
  return trailers;
}
