/** A directory of a commit of a Git repository, as a kustomization names it. */
export interface BaseUrl {
  readonly repoUrl: string;
  /** From the repository's root, `.` for the root. */
  readonly path: string;
  readonly ref?: string;
}

/**
 * Takes a remote reference of a kustomization apart as Kustomize does: `https://host/org/repo//path?ref=v1`, `git@host:org/repo.git//path`,
 * `github.com/org/repo/path?ref=v1`, `ssh://…`, `git::…`, `file://…`; `//` or `.git` end the repository, else it has two names after its
 * host. Undefined for a single file over HTTP, and for what names no repository.
 */
export function parseBase(value: string): BaseUrl | undefined {
  const [, text = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(value.replace(/^git::/, '')) ?? [];
  const parameters = new URLSearchParams(query);
  const ref = parameters.get('ref') ?? parameters.get('version') ?? undefined;
  if (ref === undefined && /^https?:.*\.(?:ya?ml|json)$/i.test(text)) return undefined;
  const [, host = '', rest = ''] =
    /^((?:[a-z][a-z0-9+.-]*:\/\/[^/]*\/)|(?:[^/@:]+@[^/:]+:\/?)|(?:[^/]+\/))(.+)$/i.exec(
      text.replace(/^gh:/, 'github.com/'),
    ) ?? [];
  const parted = partOf(rest, host.startsWith('file://'));
  if (parted === undefined) return undefined;
  const [repository, path] = parted;
  const base = /:/.test(host) ? host : `https://${host}`;
  const inside = path.split('/').filter((name) => name !== '' && name !== '.');
  if (inside.includes('..')) return undefined;
  return {
    repoUrl: `${base}${repository}`,
    path: inside.length === 0 ? '.' : inside.join('/'),
    ...(ref === undefined || ref === '' ? {} : { ref }),
  };
}

function partOf(rest: string, isFile: boolean): readonly [string, string] | undefined {
  const marked = /^(.+?)\/\/(.*)$/.exec(rest) ?? /^(.+?\.git)(?:\/(.*))?$/.exec(rest);
  if (marked !== null) return [marked[1] ?? '', marked[2] ?? ''];
  if (isFile) return [rest, ''];
  const [organisation = '', repository = '', ...path] = rest.split('/');
  return organisation === '' || repository === ''
    ? undefined
    : [`${organisation}/${repository}`, path.join('/')];
}
