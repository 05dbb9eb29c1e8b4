import { isCancellation } from '@temporalio/workflow';
import type { Treatment } from '../domain/decide-sync';
import type { Problem } from '../domain/problem';
import type { RevisionPlan } from '../domain/revision-plan';
import { statusContext, type CheckInput, type CheckResult } from '../messages/check';
import type { CommitStatus } from '../ports/forge';
import { causeOf } from './cause-of';
import { telling } from './commit-status';
import { asking, applying, writing } from './proxies';

/**
 * Does everything with a revision that comes before the first write of a sync, and writes nothing of the application: render, read,
 * limits of the project, policies, a server-side dry run, and its check Jobs unless they are left out. Stops at the first of these
 * that finds something, as a sync does. Killed anywhere, it goes on; its Jobs are made once.
 */
export async function check(input: CheckInput): Promise<CheckResult> {
  const tell = input.status ? telling : undefined;
  const { spec, names } = input;
  const summary = `find ${names[0]?.slice(0, 40)}`;
  const revision = await asking(input.cluster).resolveCheck.executeWithOptions({ summary }, [
    { spec, names },
  ]);
  const about = { repoUrl: spec.source.repoUrl, revision };
  const context = statusContext(spec.name);
  await tell?.({ ...about, context, state: 'pending', description: 'is being checked' });
  try {
    const result = await examine(input, revision);
    const told = await tell?.({ ...about, context, ...verdictOf(result) });
    return told === undefined ? result : { ...result, status: told };
  } catch (error: unknown) {
    const description = isCancellation(error) ? 'the check was called off' : 'could not be checked';
    await tell?.({ ...about, context, state: 'error', description });
    throw causeOf(error);
  }
}

async function examine(input: CheckInput, revision: string): Promise<CheckResult> {
  const { cluster, spec, run } = input;
  const pins = input.pins === undefined ? {} : { pins: input.pins };
  const short = revision.slice(0, 12);
  const nothing: CheckResult = { revision, problems: [], warnings: [], ran: [], skipped: [] };
  const about = { spec, revision, ...pins };
  const answer = await asking(cluster).planRevision.executeWithOptions({ summary: `read ${short}` }, [about]);
  if (answer.kind === 'refused') return { ...nothing, problems: answer.problems };
  const warnings = answer.plan.warnings ?? [];
  const problems = await tryAll(cluster, about, answer.plan);
  const checks = answer.plan.checks ?? [];
  if (problems.length > 0) return { ...nothing, problems, warnings, skipped: checks };
  if (checks.length === 0 || !input.jobs) return { ...nothing, warnings, skipped: checks };
  const summary = `run ${checks.slice(0, 3).join(', ')}`;
  const done = await writing(cluster).runChecks.executeWithOptions({ summary }, [{ ...about, run }]);
  if (done.problems.length === 0) await writing(cluster).dropChecks({ ...about, run });
  return { ...nothing, problems: done.problems, warnings, ran: checks };
}

/** As a sync would try it: nothing is written. */
async function tryAll(
  cluster: string,
  about: Pick<CheckInput, 'spec' | 'pins'> & { readonly revision: string },
  { workloads }: RevisionPlan,
): Promise<readonly Problem[]> {
  const treatments = Object.fromEntries(
    workloads.map(({ name, exists }): [string, Treatment] => [
      name,
      { kind: 'rolling', pace: exists ? 'steps' : 'initial' },
    ]),
  );
  const trial = { ...about, stage: 'try', treatments, fix: false, prune: false } as const;
  const summary = `try everything of ${about.revision.slice(0, 12)}`;
  const { problems } = await applying(cluster).applyRevision.executeWithOptions({ summary }, [trial]);
  return problems;
}

function verdictOf({ problems, warnings }: CheckResult): Pick<CommitStatus, 'state' | 'description'> {
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length === 1 ? '' : ` and ${problems.length - 1} more`;
    const place =
      first.file === undefined ? '' : `${first.file}${first.line === undefined ? '' : `:${first.line}`}: `;
    return { state: 'failure', description: `${place}${first.message}${more}` };
  }
  const words = warnings.length === 0 ? '' : `, ${warnings.length} warnings`;
  return { state: 'success', description: `may be deployed${words}` };
}
