import type { Directive } from '../domain/release/state';
import type { RevisionPlan } from '../domain/revision-plan';
import { lookedAt } from '../domain/revision-source';
import { planRestores, revisionAt } from '../domain/write-back/planned-restores';
import { attempt } from './application-attempt';
import { report } from './application-member-report';
import { readRevision } from './application-read';
import type { ApplicationRun } from './application-run';
import { syncTo } from './application-sync';
import { gitTrying } from './proxies';

/**
 * Git is back, or stays as it is: the application takes in what it names now. Where that is the content that runs, nothing rolls and it
 * is the good revision; anything else, such as a fix on top or the failed revision itself, is for the next release.
 */
export async function settleMember(run: ApplicationRun): Promise<void> {
  const directive = run.state.release?.directive;
  if (directive === undefined) return;
  const { revision, pins = run.pins() } = directive;
  run.begin('sync', `taking in ${revision.slice(0, 12)}`, revision);
  try {
    const plan = await readRevision(run, revision, pins);
    if (plan === undefined && run.retry !== undefined && run.member.refusal === undefined)
      return report(
        run,
        run.state.release?.report.stage ?? 'restored',
        'Git cannot be read; it is tried again',
      );
    if (plan !== undefined && isGood(run, plan)) {
      noteRevert(run, directive, plan);
      await takeHead(run, directive);
      await syncTo(run, revision, { prune: run.spec.automated?.prune === true, isAsked: false });
      if (run.state.synced === revision)
        return report(run, 'settled', `Git is back at ${revision.slice(0, 12)}`);
      if (run.retry !== undefined && run.state.window === undefined) return;
    }
  } finally {
    run.end();
  }
  report(run, 'settled', `what Git says, ${revision.slice(0, 12)}, is not what runs`);
}

/** Where Git was not written, a member that failed, or that must not be written, waits for a person, as without a release. */
export function holdOpen(run: ApplicationRun): void {
  const { directive, delivers, report: told } = run.state.release ?? {};
  const { failure, unwritable } = told ?? {};
  const why = unwritable ?? failure?.sentence;
  const isOpen = told?.stage === 'restored' || told?.stage === 'settled';
  if (directive === undefined || delivers === undefined || why === undefined || !isOpen) return;
  if (delivers.revision !== run.state.head) return;
  run.hold({
    code: 'RevertRefused',
    reason: `Git still names ${delivers.revision.slice(0, 12)}, which ${directive.release} has taken back: ${why}`,
    remedy: 'push a fix, or revert in Git yourself',
  });
}

function isGood({ state }: ApplicationRun, { content, tree, pins }: RevisionPlan): boolean {
  const { good } = state;
  return content !== undefined && good?.content !== undefined
    ? content === good.content
    : tree === good?.tree && pins?.join() === good.pins?.join();
}

/** Our own commit is recognised on the way back in, and is nobody's new version. */
function noteRevert(run: ApplicationRun, { revision }: Directive, { pins }: RevisionPlan): void {
  const { base, delivers } = run.state.release ?? {};
  if (base === undefined || delivers === undefined || delivers.revision === revision) return;
  const after = { revision, ...(pins === undefined ? {} : { pins }) };
  const { restores } = planRestores(run.spec, run.state, { good: base, bad: delivers });
  const writes = restores.flatMap((restore) => {
    const [source = 0] = restore.sources;
    const written = revisionAt(after, source);
    return written === restore.bad ? [] : [{ ...restore, revision: written }];
  });
  if (writes.length === 0) return;
  const now = Date.now();
  run.change({
    lastRevert: { ...after, bad: delivers.revision, good: base.revision, at: now, writes },
    reverts: [...run.state.reverts, now].slice(-10),
  });
}

/** The observer tells each change once: where the branch has moved meanwhile it is asked what it names now, so that this is not lost. */
async function takeHead(run: ApplicationRun, { revision, pins }: Directive): Promise<void> {
  const { state, spec } = run;
  const known = [revision, state.release?.delivers?.revision, state.release?.base?.revision];
  const hasMoved = state.head !== undefined && !known.includes(state.head);
  const { branch } = state;
  const { repoUrl } = spec.source;
  const summary = { summary: `where ${branch ?? ''} is now` };
  const asked =
    hasMoved && branch !== undefined
      ? await attempt(() => gitTrying.resolveBranch.executeWithOptions(summary, [{ repoUrl, branch }]))
      : undefined;
  const head = asked?.ok === true ? asked.value : revision;
  run.change({ head, ...(pins === undefined ? {} : { pins }) });
  if (head !== revision) run.tell(`${head.slice(0, 12)} was pushed meanwhile: it is for the next release`);
  run.change({ compared: lookedAt(revision, run.pins()) });
}
