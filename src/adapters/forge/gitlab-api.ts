import type { Ask } from './ask';
import type { Place } from './choose';

/** One project of GitLab with one credential. */
export interface GitlabProject {
  readonly place: Place;
  readonly ask: Ask;
  /** `/projects/{path}`. */
  readonly root: string;
  readonly signal: AbortSignal | undefined;
}

/** What Belay reads of a merge request. */
export interface MergeRequest {
  readonly iid: number;
  readonly web_url: string;
  readonly state: 'opened' | 'closed' | 'locked' | 'merged';
  readonly title: string;
  readonly description: string | null;
  readonly sha: string;
  readonly source_branch: string;
  readonly target_branch: string;
  readonly source_project_id: number;
  readonly target_project_id: number;
  readonly labels?: readonly string[];
  readonly reviewers?: readonly GitlabUser[];
  /** Auto-merge is on; it kept this name from when there was nothing else to wait for. */
  readonly merge_when_pipeline_succeeds?: boolean;
  /** Since GitLab 15.6. */
  readonly detailed_merge_status?: string;
}

export interface GitlabUser {
  readonly id: number;
  readonly username: string;
}
