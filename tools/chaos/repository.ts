import { join } from 'node:path';
import { commitOnMain, git } from '../local/git-commits';
import { path } from './manifests';

/** The repository of one story: a bare one, written by a team and by Belay. */
export interface StoryRepository {
  readonly url: string;
  /** Commits files below `k8-manifests/` on the newest head; answers the revision. */
  push(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs git in the repository; its trimmed output. */
  readonly git: (...args: readonly string[]) => Promise<string>;
}

/** Creates `<root>/<name>.git`, which is served below `url`. Nothing here goes through the adversary's lines. */
export async function createRepository(root: string, name: string, url: string): Promise<StoryRepository> {
  const dir = join(root, `${name}.git`);
  await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', dir);
  await git(dir, 'config', 'http.receivepack', 'true');
  await git(dir, 'config', 'uploadpack.allowFilter', 'true');
  let isFirst = true;
  return {
    url: `${url}${name}.git`,
    git: (...args) => git(dir, ...args),
    async push(message, files) {
      const placed = Object.entries(files).map(([file, text]) => [`${path}/${file}`, text] as const);
      const revision = await commitOnMain(dir, { message, files: Object.fromEntries(placed), isFirst });
      isFirst = false;
      return revision;
    },
  };
}
