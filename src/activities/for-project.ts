import { ownCluster } from '../domain/own-cluster';
import { describeProblem, type Problem } from '../domain/problem';
import { accountFor } from '../domain/project/account';
import { openProject, type Project, type Target } from '../domain/project/project';
import { askedBy, violations } from '../domain/project/violations';
import { windowState, type WindowState } from '../domain/project/window-state';
import { sourcesOf } from '../domain/revision-source';
import type { Cluster } from '../ports/cluster';
import type { Policy } from '../ports/policy';
import { PortError } from '../ports/port-error';
import { toFailure } from './fail';
import { guardCluster } from './guarded-cluster';
import { createClusterActivities, type ClusterActivities } from './index';
import { createLoader } from './load';
import type { PlanAnswer, PlanInput } from './plan-revision';
import type { Ports } from './ports';
import { namespaceOf, projectOf, questionOf, type Question } from './project-question';
import type { ApplyResult } from './sync';

type Name = keyof ClusterActivities;
type Activity = (input: unknown) => Promise<unknown>;

/** They only ask Temporal or Git's mirror, and an application that its project no longer allows must be able to end. */
const free: ReadonlySet<string> = new Set<Name>([
  'forgetSources',
  'describeWorkflow',
  'requestRestore',
  'tellReleases',
]);
/** How a rollout begins. Once it has begun it may always go on and back: half a rollout is worse than a whole one. */
const beginnings: ReadonlySet<string> = new Set<Name>([
  'startCanary',
  'startInPlace',
  'startExperiment',
  'runHook',
]);

/**
 * The activities of one cluster, held to the worker's own policy: each call is judged by the project that its input names, and done
 * as the account that the project has for its destination. This is the one place where that is decided; what an input claims besides
 * the name of its project counts for nothing.
 */
export function createActivitiesForProjects(ports: Ports): ClusterActivities {
  const load = createLoader(ports);
  const plain = createClusterActivities(ports, load);
  const sets = new WeakMap<Project, Map<string, ClusterActivities>>();
  const targetNow = (): Target => ports.target?.() ?? ownTarget(ports.cluster);

  async function judged(name: Name, input: unknown): Promise<unknown> {
    const question = questionOf(input);
    if (question === undefined || free.has(name)) return activity(plain, name)(input);
    const read = (ports.policy ?? openPolicy).project(projectOf(question));
    if (!read.ok) return refuse(name, question, read.problems);
    const project = read.value;
    const target = targetNow();
    const problems = mustBeAllowed(name, input, question) ? violationsOf(project, question, target) : [];
    if (problems.length > 0) return refuse(name, question, problems);
    const account = accountFor(project, target, namespaceOf(question));
    if (!account.ok)
      return refuse(name, question, [{ code: 'Forbidden', message: account.why, remedy: addAccount }]);
    const mine = isOpen(target) ? plain : activitiesOf(project, question, { target, user: account.user });
    if (name !== 'planRevision') return activity(mine, name)(input);
    const window = windowFor(question, { project, target });
    const asked = window === undefined || window.open ? input : withoutDelivery(input as PlanInput);
    const answer = (await activity(mine, name)(asked)) as PlanAnswer;
    return answer.kind === 'planned' && window !== undefined ? { ...answer, window } : answer;
  }

  /** Nothing is forbidden: no policy, and a cluster for every namespace. */
  function isOpen({ namespaces }: Target): boolean {
    return ports.policy === undefined && namespaces === undefined;
  }

  /** One set for each account of a project; a project that was read anew has sets of its own. */
  function activitiesOf(
    project: Project,
    { kind }: Question,
    { target, user }: { readonly target: Target; readonly user: string | undefined },
  ): ClusterActivities {
    const known = sets.get(project) ?? new Map<string, ClusterActivities>();
    sets.set(project, known);
    const isGuarded = kind === 'application';
    const key = JSON.stringify([isGuarded, user, target]);
    const cluster = user === undefined ? ports.cluster : ports.cluster.as(user);
    const mine =
      known.get(key) ??
      createClusterActivities(
        { ...ports, cluster: isGuarded ? guardCluster(cluster, project, target) : cluster },
        load,
      );
    known.set(key, mine);
    return mine;
  }

  function windowFor(
    question: Question,
    { project, target }: { readonly project: Project; readonly target: Target },
  ): WindowState | undefined {
    if (question.kind !== 'application' || ports.schedules === undefined || project.windows.length === 0)
      return undefined;
    const { name, destination } = question.spec;
    const subject = { application: name, namespace: destination.namespace, cluster: target };
    return windowState(project.windows, subject, ports.schedules, Date.now());
  }

  const names = Object.keys(plain) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, (input: unknown) => judged(name, input)]),
  ) as unknown as ClusterActivities;
}

/** A closed window holds the delivery back, not the reading. */
function withoutDelivery({ atOnce: _atOnce, ...input }: PlanInput): PlanInput {
  return input;
}

function activity(activities: ClusterActivities, name: Name): Activity {
  return activities[name] as Activity;
}

/** Without a policy there is one project, and it allows everything. */
const openPolicy: Policy = {
  project: (name) =>
    name === 'default'
      ? { ok: true, value: openProject(name) }
      : {
          ok: false,
          problems: [
            {
              code: 'Forbidden',
              field: 'spec.project',
              value: name,
              message: `there is no project ${name}: the worker has no policy, and without one only default exists`,
              remedy:
                'use the project default, or start the worker with --policy and a directory of AppProjects',
            },
          ],
        },
};

const addAccount = 'add one in the policy of the worker, or remove the others';

/** The cluster as rules name it when nobody has given it other names. */
function ownTarget({ server }: Cluster): Target {
  return { servers: [server, ownCluster.server], names: [ownCluster.name] };
}

function mustBeAllowed(name: Name, input: unknown, { kind }: Question): boolean {
  if (kind === 'application') return true;
  if (kind === 'pods') return false;
  return beginnings.has(name) || (input as { readonly to?: unknown }).to === 'target';
}

function violationsOf(project: Project, question: Question, target: Target): readonly Problem[] {
  switch (question.kind) {
    case 'application':
      return violations(project, askedBy(question.spec), target);
    case 'rollout': {
      const { target: revision, namespace } = question.spec;
      const repoUrls = [revision.repoUrl, ...sourcesOf(revision).map(({ source }) => source.repoUrl)];
      return violations(project, { repoUrls, namespace }, target);
    }
    case 'pods':
      return [];
  }
}

/** In the words of the activity where it has some, else as a failure: of a rollout one that ends once the policy allows it. */
function refuse(name: Name, { kind }: Question, problems: readonly Problem[]): unknown {
  if (name === 'planRevision') return { kind: 'refused', problems } satisfies PlanAnswer;
  if (name === 'applyRevision')
    return { applied: [], pruned: [], differing: [], unpruned: [], problems } satisfies ApplyResult;
  const message = problems.map(describeProblem).join('\n');
  throw toFailure(
    new PortError(message, { code: 'Forbidden', retry: kind === 'application' ? 'never' : 'later' }),
  );
}
