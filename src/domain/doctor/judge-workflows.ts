import type { AttemptFacts, DoctorFacts, WorkflowFacts } from './facts';
import { liveVersions } from './judge-queues';
import type { Finding } from './report';

/** One failure may be a restart of a worker; with more of them it is the code. */
const taskAttempts = 3;
/** Activities are repeated by design; these have been for about half a minute. */
const activityAttempts = 5;
/** Temporal suggests to begin anew at 4,096 events. */
const mostEvents = 4_000;

/** Workflows that only workers of one version may go on with, where there are none. */
export function judgeVersions({ workflows, queues, now }: DoctorFacts): Finding[] {
  const live = new Set(
    queues.filter(({ kind }) => kind === 'workflows').flatMap((queue) => [...liveVersions(queue, now)]),
  );
  return workflows.flatMap((workflow): Finding[] => {
    const { pinnedTo } = workflow;
    if (pinnedTo === undefined || live.has(pinnedTo)) return [];
    const [name = '', id = ''] = pinnedTo.split(':', 2);
    return [
      {
        check: 'versions',
        what: `${workflow.id} stands still: only workers of version ${pinnedTo} may go on with it`,
        why: 'none of them has asked for work within the last minute',
        since: workflow.since,
        remedy: `start one until it has ended: \`belay worker --deployment ${name} --build-id ${id}\` of that version; or let the current version go on: \`temporal workflow update-options --workflow-id ${workflow.id} --versioning-override-behavior auto_upgrade\``,
        affects: concerned(workflow),
      },
    ];
  });
}

/** Workflows whose own code fails, which is repeated until a worker comes whose code does not. */
export function judgeTasks({ workflows }: DoctorFacts): Finding[] {
  return workflows.flatMap((workflow): Finding[] => {
    const { task } = workflow;
    if (task === undefined || task.attempt <= taskAttempts) return [];
    return [
      {
        check: 'workflowTasks',
        what: `${workflow.id} fails at its own code, ${task.attempt} times in a row`,
        why: task.why ?? 'the attempts end without an answer: no worker finishes one in time',
        ...since(task),
        remedy:
          'read the log of the worker; it goes on by itself with a version of Belay that can: go back to the one before, or on to a mended one',
        affects: concerned(workflow),
      },
    ];
  });
}

/** Activities that do not get done. */
export function judgeActivities({ workflows }: DoctorFacts): Finding[] {
  return workflows.flatMap((workflow) =>
    workflow.activities
      .filter(({ attempt }) => attempt > activityAttempts)
      .map((activity): Finding => ({
        check: 'activities',
        what: `${activity.type} of ${workflow.id} does not get done, attempt ${activity.attempt}`,
        why: activity.why ?? 'the attempts end without an answer: the worker dies or stands still',
        ...since(activity),
        remedy:
          workflow.application === undefined
            ? 'mend what the failure names; it is tried again by itself'
            : `mend what the failure names; it is tried again by itself (\`belay why ${workflow.application}\`)`,
        affects: concerned(workflow),
      })),
  );
}

/** Histories that have grown past where workflows begin anew. */
export function judgeHistories({ workflows }: DoctorFacts): Finding[] {
  return workflows
    .filter(({ events }) => events > mostEvents)
    .map((workflow) => ({
      check: 'histories' as const,
      what: `the history of ${workflow.id} has ${workflow.events} events`,
      why: 'Temporal warns at 10,240 and ends a workflow at 51,200; entities of Belay begin anew at about 4,000, between two pieces of work',
      since: workflow.since,
      remedy:
        workflow.type === 'rollout'
          ? 'promote or abort the rollout: `belay promote`, `belay abort`'
          : 'look what keeps it at work: its rollout, or a failure that is repeated',
      affects: concerned(workflow),
    }));
}

function concerned({ application, id }: WorkflowFacts): readonly string[] {
  return [application ?? id];
}

function since({ since: at }: AttemptFacts): { readonly since?: number } {
  return at === undefined ? {} : { since: at };
}
