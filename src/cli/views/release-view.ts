import { withoutPrefix } from '../../domain/release/id';
import { formatMillis } from '../../domain/duration';
import { shortRevision } from '../../domain/explain-time';
import { few } from '../../domain/few';
import { hasEnded, isOut, membersOf } from '../../domain/release/progress';
import type { ReleaseRevert, ReleaseState } from '../../domain/release/state';
import { sentenceOf } from '../../domain/release/verdict';
import { withoutCredentials } from '../../client/repo-url';
import type { ReleaseStatus } from '../../client';
import { withIcon } from '../output/icons';
import { fieldList, oneLine, table } from '../output/table';
import { clock, type View } from '../output/view';
import { releaseTree } from './release-tree';
import { optionsText } from './release-words';
import { releasesLines } from './releases-view';

/** A release with its members as a tree, what was done about a failure, and what of its name runs, waits and was before. */
export function releaseView({ name, releases, release }: ReleaseStatus, view: View, wide = false): string[] {
  const others = releases === undefined ? [] : releasesLines(name, releases, view, wide);
  if (release === undefined) return others;
  return [
    ...header(release, view),
    ...releaseTree(release, view, wide),
    ...reverts(release, view),
    ...log(release, view),
    ...(others.length === 0 ? [] : ['', ...others]),
  ];
}

function header(state: ReleaseState, view: View): string[] {
  const { id, spec, phase, message, since, startedAt, endedAt, verdict, bakedAt, pausedBy } = state;
  const members = membersOf(state);
  const isHeldUp = pausedBy !== undefined && (phase === 'Progressing' || phase === 'Baking');
  const out = members.filter(isOut).length;
  return fieldList([
    ['Name', withoutPrefix(id)],
    ['Status', withIcon(isHeldUp ? 'Paused' : phase, view.style)],
    ['Message', message],
    ['Since', view.when(since)],
    ['Paused by', pausedText(state, view)],
    ['Failure', verdict === undefined ? undefined : `${sentenceOf(verdict)} (${view.when(verdict.at)})`],
    ['Goes', optionsText(spec.options)],
    ['Members', verdict === undefined ? `${members.length}, ${out} out` : String(members.length)],
    ['Bakes', (bakedAt ?? 0) === 0 || phase !== 'Baking' ? undefined : `until ${clock(bakedAt ?? 0)}`],
    ['Started', view.when(startedAt)],
    [
      'Ended',
      endedAt === undefined ? undefined : `${view.when(endedAt)}, took ${formatMillis(endedAt - startedAt)}`,
    ],
  ]);
}

function pausedText({ pausedBy }: ReleaseState, view: View): string | undefined {
  if (pausedBy === undefined) return undefined;
  const { by, since, reason } = pausedBy;
  return `${by}, ${view.when(since)}${reason === undefined ? '' : `: ${reason}`}`;
}

function reverts({ reverts: written = [] }: ReleaseState, view: View): string[] {
  if (written.length === 0) return [];
  const rows = written.map((each) => [
    `${withoutCredentials(each.repoUrl)} ${each.branch.replace(/^refs\/heads\//, '')}`,
    revertText(each, view),
    few(each.members),
  ]);
  return ['', 'Git:', ...table(rows.map((row) => row.map(oneLine))).map((line) => `  ${line}`)];
}

function revertText({ result, revision, why = '' }: ReleaseRevert, { style }: View): string {
  const short = revision === undefined ? '' : ` ${shortRevision(revision)}`;
  switch (result) {
    case 'pushed':
      return style.good(`✔ reverted by${short}`);
    case 'already':
      return style.good(`✔ is back already${short === '' ? '' : ` at${short}`}`);
    case 'superseded':
      return style.busy(`⚠ left alone: there is a newer commit${short}`);
    case 'proposed':
      return style.busy(`॥ waits for a pull request${why === '' ? '' : `: ${why}`}`);
    case 'refused':
      return style.bad(`✖ refused${why === '' ? '' : `: ${why}`}`);
  }
}

function log(state: ReleaseState, view: View): string[] {
  if (state.log.length === 0) return [];
  const title = state.verdict === undefined || !hasEnded(state) ? 'Log' : 'Rollback';
  const rows = state.log.map(({ at, text }) => [clock(at).slice(11, 19), view.when(at), oneLine(text)]);
  return ['', `${title}:`, ...table(rows).map((line) => `  ${line}`)];
}
