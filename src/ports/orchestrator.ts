import type { MemberHead } from '../domain/release/releases-state';
import type { Kind } from './cluster';
import type { ProposalWanted } from '../domain/write-back/proposal';
import type { RestoreRequest } from './git';

/** What activities ask of Temporal itself: messages to other workflows that must be started if they are not there. */
export interface Orchestrator {
  /** Signal-with-start of the one writer of a branch; the answer comes back as a signal to `replyTo`. */
  requestRestore(request: QueuedRestore): Promise<void>;
  /** Makes sure that the observers of this cluster and this repository run and watch for the application. */
  watchRepository(watch: RepositoryWatch): Promise<void>;
  /** The same for the cluster; `kinds` are watched from now on besides those that it watches anyway. */
  watchCluster(cluster: string, kinds?: readonly Kind[]): Promise<void>;
  forgetRepository(watch: RepositoryWatch): Promise<void>;
  /** A hint to `application`; a missing workflow is not an error. */
  signalApplication(name: string, signal: string, payload: unknown): Promise<void>;
  /** Signal-with-start of the entity of a release's name: what one of its members says of itself. */
  tellReleases(release: string, member: MemberHead): Promise<void>;
  /** `running`, or how it ended; `missing` when there is none. */
  describe(workflowId: string): Promise<'running' | 'completed' | 'terminated' | 'failed' | 'missing'>;
}

export interface QueuedRestore {
  readonly requestId: string;
  /** Workflow id that gets the `restoreEnded` signal. */
  readonly replyTo: string;
  readonly request: RestoreRequest;
  /** Absent: only a push, and where it is refused that is the answer. */
  readonly proposal?: ProposalWanted;
}

export interface RepositoryWatch {
  readonly application: string;
  readonly repoUrl: string;
  readonly targetRevision: string;
  /** Which of its sources; absent: the primary one. */
  readonly source?: number;
  /** A chart of a chart repository. */
  readonly chart?: string;
  /** Names the sources and options that the application has: two that are equal read the same of a commit. */
  readonly sources?: string;
}
