import type { PullRequest } from '../../ports/forge';
import { asking, incomplete, type Ask } from './ask';
import { authorization, serverPath, serverRepository, type ServerRepository } from './bitbucket';
import type { Place } from './choose';
import type { Access } from './pull-requests';

/** A pull request in the words of Bitbucket Data Center, as far as they are read. */
export interface ServerPull {
  readonly id: number;
  /** Counts its changes: each must name the one that it was made from. */
  readonly version: number;
  readonly title?: string;
  readonly description?: string;
  readonly state: 'OPEN' | 'MERGED' | 'DECLINED';
  readonly links: { readonly self: readonly { readonly href: string }[] };
  readonly fromRef?: ServerRef;
  readonly toRef?: ServerRef;
  readonly reviewers?: readonly Participant[];
}

interface ServerRef {
  /** `refs/heads/main`. */
  readonly id: string;
  readonly repository?: { readonly id?: number };
}

interface Participant {
  readonly user: { readonly name: string; readonly slug?: string };
}

interface Page<T> {
  readonly values?: readonly T[];
  readonly isLastPage?: boolean;
  readonly nextPageStart?: number | null;
}

export interface Repository {
  readonly place: Place;
  readonly at: ServerRepository;
  readonly ask: Ask;
  /** Asks the API of branches, which is beside that of everything else. */
  readonly askBranches: Ask;
  readonly root: string;
}

/** The repository and how it is asked. */
export function openRepository(place: Place, access: Access): Repository {
  const at = serverRepository(place);
  const authorized = authorization(place, access.token);
  const ask = asking(place, access, authorized);
  const branches = { ...place, apiUrl: place.apiUrl.replace(/\/api\/[^/]+$/, '/branch-utils/latest') };
  return { place, at, ask, askBranches: asking(branches, access, authorized), root: serverPath(at) };
}

/** In the words of the port. */
export function read({ id: number, state, links }: ServerPull): PullRequest {
  const stands = state === 'OPEN' ? 'open' : state === 'MERGED' ? 'merged' : 'closed';
  return { kind: 'pull-request', number, url: links.self[0]?.href ?? '', state: stands, remarks: [] };
}

/** An answer that is a pull request. */
export function checked({ place }: Repository, body: unknown): ServerPull {
  const pull = body as Partial<ServerPull> | null | undefined;
  const isWhole = typeof pull?.id === 'number' && typeof pull.version === 'number';
  if (isWhole && pull.links?.self !== undefined && pull.state !== undefined) return pull as ServerPull;
  throw incomplete(place, 'the number, version, address and state of the pull request');
}

/** Reads one. */
export async function look(repository: Repository, number: number): Promise<ServerPull> {
  const path = `${repository.root}/pull-requests/${number}`;
  return checked(repository, (await repository.ask({ method: 'GET', path, to: 'read pull requests' })).body);
}

/** All values of a list, page by page. */
export async function* listed<T>({ ask }: Repository, path: string): AsyncGenerator<T, void> {
  for (let start = 0; ;) {
    const told = await ask({
      method: 'GET',
      path: `${path}limit=100&start=${start}`,
      to: 'read pull requests',
    });
    const { values = [], isLastPage = true, nextPageStart } = (told.body ?? {}) as Page<T>;
    yield* values;
    if (isLastPage || typeof nextPageStart !== 'number' || nextPageStart <= start) return;
    start = nextPageStart;
  }
}
