import { formatMillis } from '../../domain/duration';
import { shortRevision } from '../../domain/explain-time';
import type { RolloutOutcome, RolloutStatus } from '../../domain/rollout-status';
import { withIcon } from '../output/icons';
import { fieldList, oneLine, table } from '../output/table';
import { clock, type View } from '../output/view';
import { podFields } from './rollout-pods';
import { rolloutTree } from './rollout-tree';

/** A rollout as `kubectl argo rollouts get rollout` shows one: header, steps with their analyses, and what was done about a failure. */
export function rolloutView(status: RolloutStatus, view: View, wide = false): string[] {
  return [...header(status, view, wide), ...rolloutTree(status, view), ...log(status, view)];
}

const strategies: Readonly<Record<RolloutStatus['spec']['strategy']['kind'], string>> = {
  canary: 'Canary',
  blueGreen: 'BlueGreen',
  inPlace: 'InPlace',
  rolling: 'Rolling',
};

function header(status: RolloutStatus, view: View, wide: boolean): string[] {
  const { spec, phase, message, since, startedAt, endedAt, outcome } = status;
  const good = spec.good === undefined ? 'none, first deployment' : shortRevision(spec.good.revision);
  return fieldList([
    ['Name', spec.name],
    ['Namespace', spec.namespace],
    ['Application', spec.application],
    ['Status', withIcon(phase, view.style)],
    ['Message', message],
    ['Since', view.when(since)],
    ['Paused by', pausedBy(status, view)],
    ['Failure', failure(status)],
    ['Outcome', outcome === undefined ? undefined : outcomeText(outcome)],
    ['Strategy', strategies[spec.strategy.kind]],
    ...progress(status),
    ...podFields(status, view),
    ['New revision', shortRevision(spec.target.revision)],
    ['Good revision', good],
    ['Started', view.when(startedAt)],
    [
      'Ended',
      endedAt === undefined ? undefined : `${view.when(endedAt)}, took ${formatMillis(endedAt - startedAt)}`,
    ],
    [
      'Can abort',
      status.pastReturn && endedAt === undefined ? `no, use: belay undo ${spec.application}` : undefined,
    ],
    ...(wide ? wideFields(status) : []),
  ]);
}

function progress({ spec, steps, weight, actualWeight }: RolloutStatus): [string, string | undefined][] {
  if (!('steps' in spec.strategy)) return [];
  const done = steps.filter(({ mark }) => mark === 'done' || mark === 'skipped').length;
  return [
    ['  Step', `${done}/${steps.length}`],
    ['  SetWeight', String(weight)],
    ['  ActualWeight', actualWeight === undefined ? undefined : String(actualWeight)],
  ];
}

function wideFields({ spec }: RolloutStatus): [string, string][] {
  return [
    ['Cluster', spec.cluster],
    ['Version', spec.version],
    ['Rollout id', spec.rolloutId],
    ['Number', String(spec.number)],
    ['Pace', spec.pace],
    ['Deadline', formatMillis(spec.progressDeadlineMs)],
  ];
}

function pausedBy({ pausedBy: pause }: RolloutStatus, view: View): string | undefined {
  if (pause === undefined) return undefined;
  return `${pause.by}, ${view.when(pause.since)}${pause.reason === undefined ? '' : `: ${pause.reason}`}`;
}

function failure({ failure: report }: RolloutStatus): string | undefined {
  return report === undefined ? undefined : `${report.code}: ${report.sentence}`;
}

const ways: Readonly<Record<(RolloutOutcome & { kind: 'promoted' })['way'], string>> = {
  adopted: 'no pod restarted',
  rolled: 'pods replaced',
  inPlace: 'pods replaced in place',
  initial: 'first deployment',
};

/** How a rollout ended, in a few words. */
function outcomeText(outcome: RolloutOutcome): string {
  switch (outcome.kind) {
    case 'promoted':
      return `promoted (${ways[outcome.way]})`;
    case 'failed':
      return outcome.goodAlsoFails === undefined
        ? 'failed'
        : `failed, and the good version fails too: ${outcome.goodAlsoFails}`;
    case 'aborted':
      return `aborted by ${outcome.by}${outcome.reason === undefined ? '' : `: ${outcome.reason}`}`;
    case 'superseded':
      return `superseded by ${shortRevision(outcome.by)}`;
  }
}

function log({ log: entries, endedAt, outcome }: RolloutStatus, view: View): string[] {
  if (entries.length === 0) return [];
  const title = endedAt === undefined || outcome?.kind === 'promoted' ? 'Log' : 'Rollback';
  const rows = entries.map(({ at, text }) => [clock(at).slice(11, 19), view.when(at), oneLine(text)]);
  return ['', `${title}:`, ...table(rows).map((line) => `  ${line}`)];
}
