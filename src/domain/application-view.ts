import type { ApplicationSpec } from './application-spec';
import type { ApplicationState } from './application-state';
import type { ApplicationStatus, HealthWord, Operation, SyncWord } from './application-status';
import { describeProblem, type Problem } from './problem';
import type { Want } from './release/state';

/** What the Git observer cannot do, and since when. */
export interface SourceProblem {
  readonly problem: Problem;
  readonly since: number;
}

interface Facts {
  readonly spec: ApplicationSpec;
  readonly state: ApplicationState;
  readonly operation: Operation | undefined;
  readonly rollouts: readonly string[];
  readonly sourceProblem: SourceProblem | undefined;
}

/** The status that people see, from what the application keeps. */
export function statusOf({ spec, state, operation, rollouts, sourceProblem }: Facts): ApplicationStatus {
  const { message, since } = sentence({ spec, state, operation, sourceProblem });
  const problems = sourceProblem === undefined ? state.problems : [...state.problems, sourceProblem.problem];
  return {
    spec,
    state: { ...state, problems },
    sync: syncWord(state, sourceProblem),
    health: healthWord(state, operation),
    held: state.hold !== undefined,
    message,
    since,
    rollouts,
    ...(operation === undefined ? {} : { operation }),
  };
}

function syncWord(state: ApplicationState, sourceProblem: SourceProblem | undefined): SyncWord {
  if (sourceProblem !== undefined || state.synced === undefined) return 'Unknown';
  const { unpruned = [], unconfirmed = [] } = state;
  return isAtHead(state) &&
    unpruned.length + unconfirmed.length === 0 &&
    state.drift.length === 0 &&
    state.problems.length === 0
    ? 'Synced'
    : 'OutOfSync';
}

/** Whether what runs is what Git says now, in all sources. */
export function isAtHead({ head, synced, pins = [], good }: ApplicationState): boolean {
  return synced !== undefined && head === synced && pins.every((pin, index) => good?.pins?.[index] === pin);
}

/** Users' view of the workloads: a held or refused revision leaves the good one running, which is Healthy. */
function healthWord(state: ApplicationState, operation: Operation | undefined): HealthWord {
  if (operation !== undefined && operation.kind !== 'heal') return 'Progressing';
  const workloads = Object.values(state.workloads);
  if (state.hold?.code === 'GoodFailsToo' || state.hold?.code === 'StableAlsoFails') return 'Degraded';
  if (workloads.some((each) => !each.healthy)) return 'Degraded';
  if (state.synced !== undefined) return state.seen?.health ?? 'Healthy';
  return state.problems.length > 0 ? 'Missing' : 'Unknown';
}

function sentence({ spec, state, operation, sourceProblem }: Omit<Facts, 'rollouts'>): {
  message: string;
  since: number;
} {
  if (operation !== undefined) return { message: operation.message, since: operation.since };
  if (state.release !== undefined) return asMember(state.release);
  if (state.hold !== undefined)
    return { message: `held: ${state.hold.reason}; ${state.hold.remedy}`, since: state.hold.since };
  const problem = state.problems[0] ?? sourceProblem?.problem;
  const last = state.events.at(-1);
  if (problem !== undefined)
    return {
      message: describeProblem(problem),
      since: state.problemsSince ?? sourceProblem?.since ?? last?.at ?? 0,
    };
  const release = releaseNameOf(spec, state);
  if (release !== undefined && state.head !== undefined && !isAtHead(state))
    return { message: `${state.head.slice(0, 12)} waits for the release ${release}`, since: last?.at ?? 0 };
  return { message: last?.text ?? 'waiting for the first look at Git', since: last?.at ?? 0 };
}

/** What a member of a release under way waits for, where it does nothing itself. */
function asMember({ directive, report }: NonNullable<ApplicationState['release']>): {
  message: string;
  since: number;
} {
  return {
    message: `in ${directive.release}, which wants ${wishes[directive.want]}: ${report.message}`,
    since: report.since,
  };
}

const wishes: Readonly<Record<Want, string>> = {
  deliver: 'it out',
  commit: 'it to be the stable version',
  back: 'its traffic back',
  restore: 'its objects back',
  settle: 'it to take in what Git says now',
  free: 'nothing more of it',
};

/** Name of the release that an application comes out with: by a release file, or by its own annotation. */
export function releaseNameOf(
  { release }: Pick<ApplicationSpec, 'release'>,
  { memberOf }: Pick<ApplicationState, 'memberOf'>,
): string | undefined {
  return memberOf ?? release?.release;
}

/** The application as Markdown for Temporal's UI. */
export function applicationDetails(status: ApplicationStatus): string {
  const { spec, state, sync, health, message } = status;
  const rows = state.history
    .slice(0, 5)
    .map(
      ({ at, revision, result, message: text }) =>
        `| ${new Date(at).toISOString().slice(0, 19)}Z | \`${revision.slice(0, 12)}\` | ${result} | ${text} |`,
    );
  const release = releaseNameOf(spec, state);
  return [
    `**${spec.name}**: ${sync}, ${health}${state.hold === undefined ? '' : ', Held'}. ${message}`,
    '',
    `${spec.source.repoUrl} \`${spec.source.path}\` at \`${spec.source.targetRevision}\` → namespace \`${spec.destination.namespace}\``,
    ...(release === undefined ? [] : [`comes out with the release \`${release}\``]),
    ...(rows.length === 0
      ? []
      : ['', '| when | revision | result | what |', '| --- | --- | --- | --- |', ...rows]),
  ].join('\n');
}
