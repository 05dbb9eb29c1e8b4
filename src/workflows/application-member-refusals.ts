import { isAtHead } from '../domain/application-view';
import { readReleaseId } from '../domain/release/id';
import { releaseName } from './application-member-name';
import type { ApplicationRun } from './application-run';

/** What its release decides. Throws with the command to use instead. */
export function refuseForMember(run: ApplicationRun, command: 'retry' | 'undo'): void {
  const name = releaseName(run) ?? nameOf(run.state.release?.directive.release);
  if (name === undefined) return;
  throw new Error(
    `${run.spec.name} comes out with the release ${name}, which decides for it; use \`belay release ${command} ${name}\``,
  );
}

/** A member may be synced to what is delivered, for drift and what is left to prune; what is new comes out with its release. */
export function refuseSync(run: ApplicationRun, revision: string | undefined): void {
  const { state, spec } = run;
  const underWay = state.release?.directive.release;
  if (underWay !== undefined)
    throw new Error(
      `${underWay} is under way and decides for ${spec.name}; see \`belay release get ${nameOf(underWay)}\``,
    );
  const name = releaseName(run);
  if (name === undefined || (isAtHead(state) && (revision === undefined || revision === state.head))) return;
  throw new Error(
    `what is new of ${spec.name} comes out with the release ${name}; use \`belay release start ${name}\``,
  );
}

/** A release under way would have to go back without it. */
export function refuseDelete({ state, spec }: ApplicationRun): void {
  const underWay = state.release?.directive.release;
  if (underWay === undefined) return;
  throw new Error(
    `${spec.name} is part of ${underWay}, which is under way; wait for it, or use --now: the release then goes back without it`,
  );
}

function nameOf(id: string | undefined): string | undefined {
  return id === undefined ? undefined : readReleaseId(id).name;
}
