import { defineSignal } from '@temporalio/workflow';
import { normaliseRepoUrl } from '../domain/repo-url';

/** Workflow types of the observers. */
export const clusterObserverWorkflow = 'observer';
export const repositoryObserverWorkflow = 'repositoryObserver';

/** `observe/<cluster>`. */
export function clusterObserverId(cluster: string): string {
  return `observe/${cluster}`;
}

/** `observe/<normalised url>`: one `ls-remote` for all applications of a repository. */
export function repositoryObserverId(repoUrl: string): string {
  return `observe/${normaliseRepoUrl(repoUrl)}`;
}

export interface Watched {
  readonly application: string;
  readonly targetRevision: string;
}

export interface RepositoryObserverInput {
  readonly repoUrl: string;
  readonly watched: readonly Watched[];
}

export const watchSignal = defineSignal<[Watched]>('watch');
export const forgetSignal = defineSignal<[{ readonly application: string }]>('forget');
