import type { GithubApp } from '../forge-api/app-key';

/** Software that hosts repositories. */
export const forgeKinds = ['github', 'gitlab', 'gitea', 'bitbucket-cloud', 'bitbucket-server'] as const;

export type ForgeKind = (typeof forgeKinds)[number];

/** One forge, or a part of it, and where its credential lies: names of variables and files, never the secret. */
export interface ForgeSource {
  /** A host, or a path above repositories: `https://github.com/acme`. The longest match wins. */
  readonly repo: string;
  /** Default by host: github.com, gitlab.com, codeberg.org and gitea.com, bitbucket.org. */
  readonly kind?: ForgeKind;
  /** Default: where this kind has its API, such as `https://<host>/api/v4` of GitLab. */
  readonly apiUrl?: string;
  /** With it the token is sent as a password: app passwords of Bitbucket. */
  readonly username?: string;
  readonly tokenVariable?: string;
  readonly tokenFile?: string;
  /** Of GitHub, instead of a token: a GitHub App. */
  readonly app?: GithubApp;
  /** Send the token over plain http as well; loopback addresses need no permission. */
  readonly allowHttp?: boolean;
}
