import type { ApplicationStatus } from './application-status';
import { isAtHead } from './application-view';
import { roughly, shortRevision } from './explain-time';
import { readReleaseId } from './release/id';

/** What an application waits for as a member of a release; nothing for one that is none, or has what Git says. */
export function explainRelease({ spec, state }: ApplicationStatus, now: number): string[] {
  const { release, head } = state;
  if (release !== undefined) {
    const { directive, report } = release;
    const { name, number } = readReleaseId(directive.release);
    const because = directive.reason === undefined ? '' : ` (${directive.reason})`;
    return [
      `${spec.name} is part of release ${name}/${number}, which decides for it${because}; since ${roughly(now - report.since)}: ${report.message}`,
      `\`belay release get ${name}\` shows what the others do`,
    ];
  }
  const name = state.memberOf ?? spec.release?.release;
  if (name === undefined || head === undefined || isAtHead(state)) return [];
  return [
    `${shortRevision(head)} waits for release ${name}, with which ${spec.name} comes out`,
    `\`belay release get ${name}\` says why it has not come out yet`,
  ];
}
