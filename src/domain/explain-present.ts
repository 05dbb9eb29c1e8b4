import type { ApplicationState } from './application-state';
import type { ApplicationStatus } from './application-status';
import { isAtHead } from './application-view';
import { roughly, shortRevision } from './explain-time';

/** As many objects as a paragraph can name. */
const named = 3;

/** How an application that does nothing now stands, and everything that keeps it from being Synced and Healthy. */
export function explainPresent(status: ApplicationStatus, now: number): string[] {
  const { spec, state, sync, health, message } = status;
  const { name, automated } = spec;
  if (sync === 'Synced' && health === 'Healthy') return [standing(status, now)];
  const open = [
    ...drift(name, state),
    ...leftOver(name, state),
    ...explainHealth(status),
    ...waits(status, now),
  ];
  const isMember = (state.memberOf ?? spec.release) !== undefined;
  const isManual = !isAtHead(state) && automated === undefined && state.window === undefined && !isMember;
  return [
    `${standing(status, now)}${open.length > 0 ? '' : `: ${message}`}`,
    ...open,
    ...(isManual ? [`Next: \`belay app sync ${name}\`; it has no automated sync`] : []),
  ];
}

function standing({ spec, state, sync, health, since }: ApplicationStatus, now: number): string {
  const lasting = `since ${roughly(now - since)}`;
  return state.synced === undefined
    ? `${spec.name} has not been synced yet, ${lasting}`
    : `${spec.name} is ${sync} and ${health} at ${shortRevision(state.synced)} ${lasting}`;
}

/** The worst of the objects that are not healthy, as the cluster's observer has told them. */
export function unhealthy({ seen }: ApplicationState): string[] {
  const { objects = [] } = seen ?? {};
  if (objects.length === 0) return [];
  const texts = objects
    .slice(0, named)
    .map(
      ({ object, status, message }) =>
        `${object} is ${status}${message === undefined ? '' : ` (${message})`}`,
    );
  return [`${texts.join(', ')}${objects.length > named ? ' and more' : ''}`];
}

/** Why what Git says now is not in the cluster; a window is of no account once Git is back at what runs. */
function waits({ spec, state }: ApplicationStatus, now: number): string[] {
  const { head, window } = state;
  if (window === undefined || isAtHead(state)) return [];
  const what = head === undefined ? 'A sync' : shortRevision(head);
  const until = window.until === undefined ? '' : `, for ${roughly(window.until - now)} more at least`;
  return [
    `${what} waits for a sync window: ${window.why}${until}`,
    `Nothing to do: it is looked at again by itself; \`belay app sync ${spec.name}\` does not wait where the window has manualSync`,
  ];
}

function drift(name: string, { drift: objects }: ApplicationState): string[] {
  if (objects.length === 0) return [];
  return [
    `${list(objects)} in the cluster differ from Git`,
    `Next: \`belay app sync ${name}\` puts Git's version back, or commit what you changed; \`selfHeal: true\` does it by itself`,
  ];
}

function leftOver(name: string, { unpruned = [], unconfirmed = [] }: ApplicationState): string[] {
  const stay = `Git no longer has ${list(unpruned)}, which stay in the cluster`;
  const wait = `Git no longer has ${list(unconfirmed)}, and a person must confirm that they go`;
  return [
    ...(unpruned.length === 0
      ? []
      : [stay, `Next: \`belay app sync ${name} --prune\` deletes what does not ask to stay`]),
    ...(unconfirmed.length === 0
      ? []
      : [wait, `Next: \`belay app sync ${name} --confirm-prune\` deletes them`]),
  ];
}

function explainHealth({ spec, state, health }: ApplicationStatus): string[] {
  const next = `Next: mend it by a commit; \`belay undo ${spec.name}\` goes back to an earlier good revision`;
  return [...unhealthy(state), ...(health === 'Degraded' ? [next] : [])];
}

function list(objects: readonly string[]): string {
  return `${objects.slice(0, named).join(', ')}${objects.length > named ? ' and more' : ''}`;
}
