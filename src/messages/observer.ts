import { defineSignal } from '@temporalio/workflow';
import { normaliseRepoUrl } from '../domain/repo-url';
import type { Heard } from '../domain/webhooks/concerns';
import type { Kind } from '../ports/cluster';

/** Workflow types of the observers. */
export const clusterObserverWorkflow = 'observer';
export const repositoryObserverWorkflow = 'repositoryObserver';

/** `observe/<cluster>`. */
export function clusterObserverId(cluster: string): string {
  return `observe/${cluster}`;
}

export interface ClusterObserverInput {
  readonly cluster: string;
  /** What it watches besides the kinds that it watches anyway: those told so far, after a continue-as-new. */
  readonly kinds?: readonly Kind[];
}

/** How people name a cluster, as a worker of it says: names, and its server. Kept in the observer's memo, under `announced`. */
export interface Announced {
  readonly server: string;
  /** `in-cluster` among them: some worker has it as its own cluster. */
  readonly names: readonly string[];
}

/** Worker → cluster observer: what the cluster is called. The newest announcement counts. */
export const announceSignal = defineSignal<[Announced]>('announce');

/** Application → cluster observer: objects of these kinds are mine too. Kinds are only ever added. */
export const watchKindsSignal = defineSignal<[readonly Kind[]]>('watchKinds');

/** `observe/<normalised url>`: one `ls-remote` for all applications of a repository. */
export function repositoryObserverId(repoUrl: string): string {
  return `observe/${normaliseRepoUrl(repoUrl)}`;
}

/** One source of an application, whose newest revision it is told. */
export interface Watched {
  readonly application: string;
  readonly targetRevision: string;
  /** Which of its sources; absent: the primary one. */
  readonly source?: number;
  /** A chart of a chart repository. */
  readonly chart?: string;
  /** Names the sources and options that the application has: two that are equal read the same of a commit. */
  readonly sources?: string;
  /** It has registered since the turn before this one: it is told whatever it was told then. */
  readonly freshIn?: number;
}

export interface RepositoryObserverInput {
  readonly repoUrl: string;
  readonly watched: readonly Watched[];
}

/** One turn of watching a repository. */
export interface ObserveRepositoryInput extends RepositoryObserverInput {
  /** Rises by 1 with each activity that the workflow starts. */
  readonly turn?: number;
}

/** Applications → repository observer: these are watched from now on, at the references that they name now. */
export const watchSignal = defineSignal<[readonly Watched[]]>('watch');
/** Somebody has heard that the repository has changed: look at once, if it may concern anybody. A hint, as often as it comes. */
export const lookSignal = defineSignal<[heard?: Heard]>('look');
export const forgetSignal = defineSignal<[{ readonly application: string }]>('forget');
