/** Whose webhooks are understood. `gitea` is Gitea, Forgejo and Gogs; `bitbucket` is Bitbucket Cloud, `bitbucket-server` also Data Center. */
export const providers = [
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'bitbucket-server',
  'azure-devops',
  'harbor',
] as const;

export type Provider = (typeof providers)[number];

/** What a push says about one ref. It is hearsay: which commit the ref names is asked of the repository. */
export interface RefChange {
  /** `refs/heads/x` or `refs/tags/x`. */
  readonly ref: string;
  /** Commits as the forge names them; absent where it does not, and where the ref was created or deleted. */
  readonly before?: string;
  readonly after?: string;
}

/** Something has changed in a Git repository, or (as a tag) in a repository of an OCI registry. */
export interface Push {
  readonly provider: Provider;
  /** Every spelling of the repository in the event, each readable: web page, HTTP, SSH; `oci://…` for a registry. */
  readonly urls: readonly string[];
  /** At least one. */
  readonly changes: readonly RefChange[];
  /** Short name of the branch that `HEAD` names; absent: not told. */
  readonly defaultBranch?: string;
  /** From the repository's root; absent: not told, or not all of them. */
  readonly changedFiles?: readonly string[];
}

/** A push, the forge's test of the connection, or an event that says nothing about what is delivered. */
export type WebhookEvent = Push | 'ping' | 'ignored';

/** Headers with names in lower case, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header that was sent once. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
