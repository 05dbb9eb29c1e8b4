import type { SourceSpec } from '../../domain/application-spec';
import type { ApplicationStatus } from '../../domain/application-status';
import { runningVerdicts } from '../../domain/analysis-view';
import { stateWords } from '../../domain/explain-state';
import { shortRevision } from '../../domain/explain-time';
import { describeProblem } from '../../domain/problem';
import type { RolloutStatus } from '../../domain/rollout-status';
import { withoutCredentials } from '../../client/repo-url';
import { withIcon } from '../output/icons';
import { fieldList, oneLine, table } from '../output/table';
import type { View } from '../output/view';
import { historyTable } from './history-view';
import { confirmText, proposalLines, revertText, writeBackText } from './write-back-view';

const historyShown = 5;

interface ApplicationViewOptions {
  readonly wide?: boolean;
  /** Of `status.rollouts`, in their order; undefined for one that does not answer. */
  readonly rollouts?: readonly (RolloutStatus | undefined)[];
}

/** One application: what is asked, how it stands, what is wrong, and its last deployments. */
export function applicationView(
  status: ApplicationStatus,
  view: View,
  { wide = false, rollouts = [] }: ApplicationViewOptions = {},
): string[] {
  const { state } = status;
  const since = state.problemsSince === undefined ? '' : ` (${view.when(state.problemsSince)})`;
  return [
    ...header(status, view),
    ...section(
      `Problems${since}`,
      state.problems.map((problem) => `✖ ${describeProblem(problem)}`),
    ),
    ...section(
      'Rollouts in progress',
      status.rollouts.flatMap((id, index) => rolloutLines(id, rollouts[index], view)),
    ),
    ...section(
      'Differs from Git',
      state.drift.map((object) => `~ ${object}`),
    ),
    ...section('Not healthy', unhealthy(status)),
    ...section(
      'Gone from Git, not pruned',
      (state.unpruned ?? []).map((object) => `- ${object}`),
    ),
    ...section(
      'Pruning waits for a person',
      (state.unconfirmed ?? []).map(
        (object) => `? ${object}   belay app sync ${status.spec.name} --confirm-prune`,
      ),
    ),
    ...section('Pull requests', proposalLines(state, view)),
    ...section('Quarantined', quarantine(status, view)),
    ...section('History', historyTable(wide ? state.history : state.history.slice(0, historyShown), view)),
    ...(wide ? section('Events', events(status, view)) : []),
  ];
}

function header({ spec, state, ...status }: ApplicationStatus, view: View): string[] {
  const { source, destination } = spec;
  const { hold, good, lastFailure } = state;
  const cluster = destination.name ?? destination.server ?? 'in-cluster';
  return fieldList([
    ['Name', spec.name],
    ['Project', spec.project],
    ['Cluster', state.cluster === undefined ? cluster : `${cluster} (${state.cluster.id})`],
    ['Namespace', destination.namespace],
    ['Repository', withoutCredentials(source.repoUrl)],
    ['Path', source.chart === undefined ? source.path : undefined],
    ['Chart', source.chart],
    ['Target', source.targetRevision],
    ...(spec.otherSources ?? []).map((other): [string, string] => ['And', sourceText(other)]),
    ['Sync policy', policyText(spec)],
    ['Write-back', writeBackText(spec)],
    ['Sync', `${withIcon(status.sync, view.style)}${at(state.synced)}${headText(state)}`],
    ['Health', withIcon(status.health, view.style)],
    ['State', status.held ? withIcon('Held', view.style) : stateWords({ spec, state, ...status })],
    ['Message', status.message.startsWith('held: ') ? undefined : status.message],
    ['Since', view.when(status.since)],
    ['Operation', operationText(status, view)],
    ['Waits for', windowText(state, view)],
    ['Git waits', confirmText(state)],
    ['Held', hold === undefined ? undefined : `${hold.reason} (${view.when(hold.since)})`],
    ['Next', hold?.remedy],
    [
      'Last failure',
      lastFailure === undefined
        ? undefined
        : `${shortRevision(lastFailure.revision)} ${lastFailure.sentence} (${view.when(lastFailure.at)})`,
    ],
    ['Last revert', revertText(state, view)],
    ['Good', good === undefined ? undefined : `${shortRevision(good.revision)} (${view.when(good.at)})`],
  ]);
}

function sourceText({ repoUrl, path, chart, ref, refOnly, targetRevision }: SourceSpec): string {
  const what = chart ?? (refOnly === true ? `values as $${ref ?? ''}` : path);
  return `${withoutCredentials(repoUrl)} ${what} at ${targetRevision}`;
}

/** A rollout in progress: where it stands, and the verdict so far of each analysis that runs. */
function rolloutLines(id: string, rollout: RolloutStatus | undefined, view: View): string[] {
  if (rollout === undefined) return [`⟳ ${id}`];
  const { phase, message } = rollout;
  return [
    `⟳ ${id}   ${withIcon(phase, view.style)}: ${message}`,
    ...runningVerdicts(rollout).map((verdict) => `  α ${verdict}`),
  ];
}

function policyText({ automated }: ApplicationStatus['spec']): string {
  if (automated === undefined) return 'manual';
  return [
    'automated',
    ...(automated.prune ? ['prune'] : []),
    ...(automated.selfHeal ? ['self-heal'] : []),
  ].join(', ');
}

function at(revision: string | undefined): string {
  return revision === undefined ? '' : ` at ${shortRevision(revision)}`;
}

function headText({ head, synced }: ApplicationStatus['state']): string {
  return head === undefined || head === synced ? '' : `, Git is at ${shortRevision(head)}`;
}

function operationText({ operation }: Pick<ApplicationStatus, 'operation'>, view: View): string | undefined {
  if (operation === undefined) return undefined;
  const revision = operation.revision === undefined ? '' : ` of ${shortRevision(operation.revision)}`;
  return `${operation.kind}${revision}: ${operation.message} (${view.when(operation.since)})`;
}

function unhealthy({ state }: ApplicationStatus): string[] {
  const { objects = [] } = state.seen ?? {};
  return table(objects.map(({ object, status, message = '' }) => [object, status, oneLine(message)]));
}

function windowText({ window }: ApplicationStatus['state'], view: View): string | undefined {
  if (window === undefined) return undefined;
  return window.until === undefined ? window.why : `${window.why}, until ${view.when(window.until)}`;
}

function quarantine({ state }: ApplicationStatus, view: View): string[] {
  const entries = Object.values(state.quarantine);
  return table(
    entries.map((one) => [shortRevision(one.revision), one.workload, view.when(one.at), oneLine(one.reason)]),
  );
}

function events({ state }: ApplicationStatus, view: View): string[] {
  return table(state.events.map((event) => [view.when(event.at), oneLine(event.text)]));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${oneLine(line)}`)];
}
