import type { ApplicationFacts, DoctorFacts } from './facts';
import { isServed, judgeQueues } from './judge-queues';
import { judgeActivities, judgeHistories, judgeTasks, judgeVersions } from './judge-workflows';
import { doctorChecks, type DoctorCheck, type DoctorReport, type Finding } from './report';

/** Says of everything that was seen what is not as it should be, why, since when, and what to do. */
export function judgeInstallation(facts: DoctorFacts): DoctorReport {
  const findings = [
    ...judgeAttributes(facts),
    ...judgeQueues(facts),
    ...judgeVersions(facts),
    ...judgeTasks(facts),
    ...judgeActivities(facts),
    ...judgeHistories(facts),
    ...facts.applications.map(judgeApplication),
  ];
  const checks = doctorChecks.map((check) => ({
    check,
    looked: looked(check, facts),
    findings: findings.filter((each) => each.check === check).length,
  }));
  return { at: facts.now, where: facts.where, isWell: findings.length === 0, checks, findings };
}

/** The report when Temporal itself cannot be asked: nothing else can be known then. */
export function judgeUnreachable(
  error: { readonly message: string; readonly remedy?: string },
  { now, where }: Pick<DoctorFacts, 'now' | 'where'>,
): DoctorReport {
  const finding: Finding = {
    check: 'temporal',
    what: 'Temporal cannot be asked, so nothing goes on that needs it',
    why: error.message,
    remedy: error.remedy ?? 'look at the Temporal service and its log',
    affects: [],
  };
  const checks = [{ check: 'temporal' as const, looked: where, findings: 1 }];
  return { at: now, where, isWell: false, checks, findings: [finding] };
}

function judgeAttributes({ missingAttributes }: DoctorFacts): Finding[] {
  if (missingAttributes.length === 0) return [];
  const make = missingAttributes
    .map((name) => `--name ${name} --type ${name === 'BelayWeight' ? 'Int' : 'Keyword'}`)
    .join(' ');
  return [
    {
      check: 'searchAttributes',
      what: `the namespace lacks search attributes: ${missingAttributes.join(', ')}`,
      why: 'no worker with the right to make them has started here; workflows that set them cannot go on',
      remedy: `start a worker, which makes them, or: \`temporal operator search-attribute create ${make}\``,
      affects: [],
    },
  ];
}

function judgeApplication({ name, state, why, since }: ApplicationFacts): Finding {
  const what = {
    held: `${name} is held: it waits for a person`,
    problem: `${name} has a problem`,
    degraded: `${name} is degraded`,
    unanswered: `${name} does not answer`,
  }[state];
  const remedy =
    state === 'unanswered'
      ? 'mend what is found above, then ask again'
      : `\`belay why ${name}\` says what happened and what to do`;
  return {
    check: 'applications',
    what,
    why,
    ...(since === undefined ? {} : { since }),
    remedy,
    affects: [name],
  };
}

function looked(check: DoctorCheck, { where, queues, workflows, now }: DoctorFacts): string {
  const served = queues.filter((queue) => isServed(queue, now)).length;
  const pinned = workflows.filter(({ pinnedTo }) => pinnedTo !== undefined).length;
  switch (check) {
    case 'temporal':
      return where;
    case 'searchAttributes':
      return 'registered for the namespace';
    case 'queues':
      return `${served} of ${queues.length} have a worker`;
    case 'versions':
      return `${pinned} workflows are bound to a version`;
    case 'workflowTasks':
      return `of ${workflows.length} running workflows`;
    case 'activities':
      return `${workflows.flatMap(({ activities }) => activities).length} pending`;
    case 'histories':
      return `the longest has ${Math.max(0, ...workflows.map(({ events }) => events))} events`;
    case 'applications':
      return `${workflows.filter(({ type }) => type === 'application').length} applications`;
  }
}
