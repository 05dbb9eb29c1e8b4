import { condition, getExternalWorkflowHandle, sleep } from '@temporalio/workflow';
import { isAtHead } from '../domain/application-view';
import type { MemberHead } from '../domain/release/releases-state';
import { normaliseRepoUrl } from '../domain/repo-url';
import { isPinned } from '../domain/revision-source';
import { memberGoneSignal, releasesId } from '../messages/release';
import { attempt } from './application-attempt';
import { releaseName } from './application-member-name';
import type { ApplicationRun } from './application-run';
import { asking } from './proxies';

const againMs = 10_000;

/**
 * Tells the release that the application belongs to what its Git says, at the start and whenever something of it changes, beside whatever
 * else the application does: a commit in the middle of a release must be heard. It never ends, and does nothing for other applications.
 */
export async function tellReleases(run: ApplicationRun): Promise<void> {
  for (;;) {
    await condition(() => news(run) !== undefined);
    run.member.isTelling = true;
    const { leaves, joins } = news(run) ?? {};
    if (leaves !== undefined) tellGone(run, leaves);
    if (joins !== undefined) await tell(run, joins);
    run.member.isTelling = false;
  }
}

/** To the release that it belonged to: it is a member no more. */
export function tellGone({ spec, member }: ApplicationRun, release: string): void {
  member.told = undefined;
  getExternalWorkflowHandle(releasesId(release))
    .signal(memberGoneSignal, { application: spec.name })
    .catch(() => undefined);
}

interface Told {
  readonly release: string;
  readonly head: Omit<MemberHead, 'at'>;
}

/** What has yet to be said, and to whom. */
function news(run: ApplicationRun): { readonly leaves?: string; readonly joins?: Told } | undefined {
  const { told, isLeaving } = run.member;
  if (isLeaving) return undefined;
  const release = releaseName(run);
  const leaves = told !== undefined && told.release !== release ? { leaves: told.release } : {};
  const head = headOf(run, release);
  const isNew =
    release !== undefined &&
    head !== undefined &&
    (told?.release !== release || told.text !== JSON.stringify(head));
  if (!isNew) return told !== undefined && told.release !== release ? leaves : undefined;
  return { ...leaves, joins: { release, head } };
}

async function tell(run: ApplicationRun, { release, head }: Told): Promise<void> {
  const summary = `tell ${releasesId(release)}: ${head.isBehind ? 'behind' : 'up to date'} at ${head.head.slice(0, 12)}`;
  const member: MemberHead = { ...head, at: Date.now() };
  const { tellReleases: activity } = asking(run.state.cluster?.id ?? '');
  const done = await attempt(() => activity.executeWithOptions({ summary }, [{ release, member }]));
  if (done.ok) run.member.told = { release, text: JSON.stringify(head) };
  else await sleep(againMs, { summary: 'before the release is told again' });
}

/** Undefined: it does not know yet what its Git says. */
function headOf({ spec, state }: ApplicationRun, release?: string): Omit<MemberHead, 'at'> | undefined {
  const { cluster, head, branch, pins } = state;
  if (cluster === undefined || head === undefined || !isPinned(spec, pins)) return undefined;
  const { repoUrl, targetRevision } = spec.source;
  return {
    application: spec.name,
    ...(spec.release?.release === release && spec.release !== undefined ? { membership: spec.release } : {}),
    cluster: cluster.id,
    branch: `${normaliseRepoUrl(repoUrl)}#${branch ?? targetRevision}`,
    head,
    ...(spec.otherSources === undefined || pins === undefined ? {} : { pins }),
    isBehind: !isAtHead(state),
    isAutomated: spec.automated !== undefined,
  };
}
