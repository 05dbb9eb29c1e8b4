/** What Belay reads of a pull request of GitHub. */
export interface GithubPull {
  readonly number: number;
  readonly node_id: string;
  readonly html_url: string;
  readonly state: string;
  readonly merged_at: string | null;
  readonly title: string;
  readonly body: string | null;
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    /** Null where the fork is gone. */
    readonly repo: { readonly full_name: string } | null;
  };
  readonly base: { readonly ref: string; readonly repo: GithubMerging };
  readonly labels: readonly { readonly name: string }[];
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
  readonly auto_merge: object | null;
}

/** How a repository merges, as far as the token may know. */
interface GithubMerging {
  readonly full_name: string;
  readonly allow_merge_commit?: boolean;
  readonly allow_squash_merge?: boolean;
}
