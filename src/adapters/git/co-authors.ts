import type { RestoreRequest } from '../../ports/git';
import { listCommits, type Author, type ListedCommit } from './list-commits';
import type { TakenBack } from './restore-history';
import { coAuthorTrailer } from './restore-message';
import type { RestoreContext } from './restore-path';
import type { BranchView } from './restore-view';

/** Of one commit. */
const most = 5;

/**
 * Who wrote what goes back, the authors of the bad commits first: forges show them beside the commit, and tell them. Where a merge goes
 * back these are also the authors of what it merged. Left out are we ourselves, those whom the request names, and what is no name with
 * an address.
 */
export async function coAuthors(
  context: RestoreContext,
  request: RestoreRequest,
  { head, parts }: BranchView,
  { bad, others }: TakenBack,
): Promise<string[]> {
  const commits = [...bad, ...others];
  const merged: ListedCommit[] = [];
  if (commits.some(({ isMerge }) => isMerge))
    for (const { good, paths } of parts)
      merged.push(...(await listCommits(context, { from: good, to: head, paths, line: 'all but merges' })));
  const named = request.trailers[coAuthorTrailer]?.toLowerCase() ?? '';
  const known = new Set([context.identity.email.toLowerCase()]);
  const found: string[] = [];
  for (const { author } of [...commits, ...merged]) {
    const address = author.email.toLowerCase();
    if (known.has(address) || named.includes(`<${address}>`) || !isSafe(author)) continue;
    known.add(address);
    found.push(`${author.name.trim()} <${author.email}>`);
  }
  return found.slice(0, most);
}

function isSafe({ name, email }: Author): boolean {
  return (
    /^[^<>\p{Cc}\p{Cf}]{1,100}$/u.test(name) &&
    name.trim() !== '' &&
    /^[^<>\s\p{Cc}\p{Cf}]{1,200}$/u.test(email)
  );
}
