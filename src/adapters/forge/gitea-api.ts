import type { Ask } from './ask';
import type { Place } from './choose';

/** A pull request in the words of Gitea, as far as they are read. */
export interface GiteaPull {
  readonly number: number;
  readonly html_url: string;
  readonly state: 'open' | 'closed';
  readonly merged?: boolean;
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly { readonly name: string }[] | null;
  readonly head?: GiteaBranch;
  readonly base?: GiteaBranch;
}

interface GiteaBranch {
  readonly ref: string;
  readonly repo_id: number;
  readonly repo?: { readonly default_merge_style?: string } | null;
}

/** A repository of Gitea or Forgejo, to be asked below `/repos/{owner}/{repo}`. */
export interface GiteaRepository {
  readonly place: Place;
  readonly ask: Ask;
  readonly root: string;
}
