import type { PullRequest } from '../../ports/forge';
import { asking, incomplete, type Ask } from './ask';
import { authorization } from './bitbucket';
import { segments } from './call';
import type { Place } from './choose';
import type { Access } from './pull-requests';

/** A pull request in the words of Bitbucket Cloud, as far as they are read. */
export interface CloudPull {
  readonly id: number;
  readonly title?: string;
  readonly description?: string;
  readonly state: 'OPEN' | 'MERGED' | 'DECLINED' | 'SUPERSEDED';
  readonly links: { readonly html: { readonly href: string } };
  readonly source?: CloudEnd;
  readonly destination?: CloudEnd;
  readonly reviewers?: readonly Reviewer[];
}

interface CloudEnd {
  readonly branch?: { readonly name?: string };
  /** Null where it was deleted. */
  readonly repository?: { readonly full_name?: string } | null;
}

export interface Reviewer {
  readonly uuid?: string;
  readonly account_id?: string;
}

interface Page<T> {
  readonly values?: readonly T[];
  /** An address; only whether there is one is believed. */
  readonly next?: string;
}

export interface Repository {
  readonly place: Place;
  readonly ask: Ask;
  readonly root: string;
}

/** The repository and how it is asked. */
export function openRepository(place: Place, access: Access): Repository {
  const ask = asking(place, access, authorization(place, access.token));
  return { place, ask, root: `/repositories/${segments(place.path)}` };
}

/** In the words of the port. */
export function read({ id: number, state, links }: CloudPull): PullRequest {
  const stands = state === 'OPEN' ? 'open' : state === 'MERGED' ? 'merged' : 'closed';
  return { kind: 'pull-request', number, url: links.html.href, state: stands, remarks: [] };
}

/** An answer that is a pull request. */
export function checked({ place }: Repository, body: unknown): CloudPull {
  const pull = body as Partial<CloudPull> | null | undefined;
  if (typeof pull?.id === 'number' && typeof pull.links?.html?.href === 'string' && pull.state !== undefined)
    return pull as CloudPull;
  throw incomplete(place, 'the number, address and state of the pull request');
}

/** Reads one. */
export async function look(repository: Repository, number: number): Promise<CloudPull> {
  const path = `${repository.root}/pullrequests/${number}`;
  return checked(repository, (await repository.ask({ method: 'GET', path, to: 'read pull requests' })).body);
}

/** All values of a list, page by page. */
export async function* listed<T>({ ask }: Repository, path: string): AsyncGenerator<T, void> {
  for (let page = 1; ; page++) {
    const told = await ask({ method: 'GET', path: `${path}&page=${page}`, to: 'read pull requests' });
    const { values = [], next } = (told.body ?? {}) as Page<T>;
    yield* values;
    if (next === undefined || values.length === 0) return;
  }
}
