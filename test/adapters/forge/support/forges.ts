import type { ForgeKind } from '../../../../src/adapters/forge/source';
import { startFakeBitbucketCloud } from './fake-bitbucket-cloud';
import { startFakeBitbucketServer } from './fake-bitbucket-server';
import type { FakeForge } from './fake-forge';
import { startFakeGitea } from './fake-gitea';
import { startFakeGithub } from './fake-github';
import { startFakeGitlab } from './fake-gitlab';

/** One kind of forge in the table of what all of them do. */
export interface ForgeCase {
  readonly kind: ForgeKind;
  readonly start: () => Promise<FakeForge>;
  /** The request that opens a pull request, that comments on it, closes it and deletes its branch. */
  readonly opens: RegExp;
  readonly comments: RegExp;
  readonly closes: RegExp;
  readonly deletes: RegExp;
  /** The request that looks for an open one. */
  readonly finds: RegExp;
  /** What this kind has. */
  readonly has: { readonly labels: boolean; readonly reviewers: boolean; readonly autoMerge: boolean };
}

const all = { labels: true, reviewers: true, autoMerge: true };

export const forgeCases: readonly ForgeCase[] = [
  {
    kind: 'github',
    start: startFakeGithub,
    opens: /^POST .*\/pulls$/,
    comments: /^POST .*\/comments$/,
    closes: /^PATCH .*\/pulls\/\d+$/,
    deletes: /^DELETE .*\/refs\//,
    finds: /^GET .*\/pulls$/,
    has: all,
  },
  {
    kind: 'gitlab',
    start: startFakeGitlab,
    opens: /^POST .*\/merge_requests$/,
    comments: /^POST .*\/notes$/,
    closes: /^PUT .*\/merge_requests\/\d+$/,
    deletes: /^DELETE .*\/branches\//,
    finds: /^GET .*\/merge_requests$/,
    has: all,
  },
  {
    kind: 'gitea',
    start: startFakeGitea,
    opens: /^POST .*\/pulls$/,
    comments: /^POST .*\/comments$/,
    closes: /^PATCH .*\/pulls\/\d+$/,
    deletes: /^DELETE .*\/branches\//,
    finds: /^GET .*\/pulls$/,
    has: all,
  },
  {
    kind: 'bitbucket-cloud',
    start: startFakeBitbucketCloud,
    opens: /^POST .*\/pullrequests$/,
    comments: /^POST .*\/comments$/,
    closes: /^POST .*\/decline$/,
    deletes: /^DELETE .*\/refs\/branches\//,
    finds: /^GET .*\/pullrequests$/,
    has: { labels: false, reviewers: true, autoMerge: false },
  },
  {
    kind: 'bitbucket-server',
    start: startFakeBitbucketServer,
    opens: /^POST .*\/pull-requests$/,
    comments: /^POST .*\/comments$/,
    closes: /^POST .*\/decline$/,
    deletes: /^DELETE .*\/branches$/,
    finds: /^GET .*\/pull-requests$/,
    has: { labels: false, reviewers: true, autoMerge: true },
  },
];
