import type { ApplicationSpec } from '../../domain/application-spec';
import type { ApplicationState } from '../../domain/application-state';
import { formatMillis } from '../../domain/duration';
import { roughly, shortRevision } from '../../domain/explain-time';
import { revertCommits } from '../../domain/explain-write-back';
import { table } from '../output/table';
import { clock, type View } from '../output/view';

/** The policy with what was said besides: `revert, after 10 min, others' commits by pull request`. */
export function writeBackText({ writeBack, writeBackOptions = {} }: ApplicationSpec): string {
  const { confirmMs, otherCommits } = writeBackOptions;
  return [
    writeBack,
    ...(confirmMs === undefined ? [] : [`unconfirmed failures after ${formatMillis(confirmMs)}`]),
    ...(otherCommits === 'pull-request' ? ["others' commits by pull request"] : []),
  ].join(', ');
}

/** Until when Git waits for a failure to be confirmed. */
export function confirmText({ unconfirmedFailure }: ApplicationState): string | undefined {
  if (unconfirmedFailure === undefined) return undefined;
  const { revision, until } = unconfirmedFailure;
  return `until ${clock(until)} for a retry or a fix of ${shortRevision(revision)}`;
}

/** The commits of the last revert. */
export function revertText({ lastRevert }: ApplicationState, view: View): string | undefined {
  if (lastRevert === undefined) return undefined;
  return `${revertCommits(lastRevert)} over ${shortRevision(lastRevert.bad)} (${view.when(lastRevert.at)})`;
}

/** Pull requests that Git waits for. */
export function proposalLines({ proposals = [] }: ApplicationState, view: View): string[] {
  const rows = proposals.map(({ number, url, since, nextLook, restore }) => [
    `#${number}`,
    url,
    restore.branch.replace(/^refs\/heads\//, ''),
    nextLook === undefined ? 'merged' : `opened ${view.when(since)}`,
    nextLook === undefined ? '' : looked(nextLook, view),
  ]);
  return table(rows);
}

function looked(nextLook: number, { now }: View): string {
  return nextLook <= now ? 'is looked at now' : `looked at in ${roughly(nextLook - now)}`;
}
