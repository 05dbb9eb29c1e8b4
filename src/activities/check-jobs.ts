import type { ApplicationSpec } from '../domain/application-spec';
import { checkMarks, composeCheck, labelOf } from '../domain/checks/check-job';
import { withoutCredentials } from '../domain/checks/plain-url';
import { fewProblems } from '../domain/few';
import { fitName } from '../domain/fit-name';
import { isEnded, type JobEnd } from '../domain/job-state';
import { refOf, type KubeObject } from '../domain/kube-object';
import { problemAt, type Located } from '../domain/located';
import { marks } from '../domain/marks';
import type { Problem } from '../domain/problem';
import type { Cluster } from '../ports/cluster';
import { isPortError, PortError } from '../ports/port-error';
import { beating, type Beat } from './beating';
import { ensureNamespace } from './ensure-namespace';
import { runJob } from './jobs';
import type { LoadRevision } from './load';
import { loadAgain } from './load-application';
import type { Ports } from './ports';

export interface ChecksInput {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  readonly pins?: readonly string[];
  /** Which run it is: every try of one run finds its Jobs, another run makes new ones. */
  readonly run: string;
}

export interface ChecksResult {
  /** One for each check that did not succeed: with any of them, nothing may be written. */
  readonly problems: readonly Problem[];
}

export interface ResolveInput {
  readonly spec: ApplicationSpec;
  readonly names: readonly string[];
}

interface CheckRun {
  readonly cluster: Cluster;
  readonly input: ChecksInput;
  readonly beat: Beat;
}

/** Jobs of Git that check a revision before its first write: unit tests, a scanner. */
export function createChecks({ cluster, git }: Ports, load: LoadRevision) {
  return {
    /** The commit that the first of some names (commits, branches, tags, refs) stands for. Throws PortError `RevisionNotFound`. */
    resolveCheck: beating(async ({ spec, names }: ResolveInput): Promise<string> => {
      for (const [index, name] of names.entries()) {
        try {
          return (await git.resolve(spec.source.repoUrl, name)).revision;
        } catch (error: unknown) {
          if (!isPortError(error, 'RevisionNotFound') || index === names.length - 1) throw error;
        }
      }
      throw new PortError('no revision was named', { code: 'RevisionNotFound', retry: 'never' });
    }),

    /**
     * Runs all checks of a revision side by side in the application's namespace, each once for this run however often it is tried.
     * A cancellation by the workflow deletes them. Jobs of earlier runs that have ended go first.
     */
    runChecks: beating(async (input: ChecksInput, beat): Promise<ChecksResult> => {
      const run = { cluster, input, beat };
      const checks = (await loadAgain(load, input)).checks;
      if (checks.length > 0) await ensureNamespace(cluster, input.spec, [], beat);
      const problems = await Promise.all(checks.map((each) => runOne(run, each)));
      return { problems: fewProblems(problems.filter((each) => each !== undefined)) };
    }),

    /** Deletes the Jobs of a run that succeeded; in an activity of its own, so that none is made again because it was gone. */
    dropChecks: beating(async (input: ChecksInput, beat): Promise<void> => {
      const checks = (await loadAgain(load, input)).checks;
      await Promise.all(checks.map((each) => remove({ cluster, input, beat }, jobOf(input, each))));
    }),
  };
}

function jobOf({ spec, revision, run }: ChecksInput, check: Located): KubeObject {
  const { repoUrl, path } = spec.source;
  return composeCheck(check, {
    // The run is told by its hash: names of applications share a namespace.
    name: fitName(`${check.object.metadata.name} of ${spec.name} ${run}`),
    namespace: spec.destination.namespace,
    application: spec.name,
    revision,
    env: {
      BELAY_APPLICATION: spec.name,
      BELAY_REVISION: revision,
      BELAY_REPOSITORY: withoutCredentials(repoUrl),
      BELAY_PATH: path,
    },
  });
}

async function runOne(run: CheckRun, check: Located): Promise<Problem | undefined> {
  const { cluster, input, beat } = run;
  const job = jobOf(input, check);
  try {
    await removeEnded(run, check, job);
    const end = await runJob(cluster, job, { ...beat, onAbort: 'delete' });
    return end.kind === 'complete' ? undefined : failed(check, job, end);
  } catch (error: unknown) {
    if (beat.signal.aborted || !isPortError(error) || error.retry !== 'never') throw error;
    return problem(check, `cannot be run: ${error.message}`, 'correct the Job, or what refuses it');
  }
}

/** What earlier runs of this check have left: failed ones stay until here, so that people can read their logs. */
async function removeEnded(run: CheckRun, check: Located, job: KubeObject): Promise<void> {
  const { cluster, input, beat } = run;
  const { name } = check.object.metadata;
  const labelSelector = `${marks.application}=${input.spec.name},${checkMarks.of}=${labelOf(name)}`;
  const namespace = input.spec.destination.namespace;
  const jobs = await cluster.list(
    { apiVersion: 'batch/v1', kind: 'Job' },
    { namespace, labelSelector, signal: beat.signal },
  );
  const old = jobs.filter((each) => isEnded(each) && each.metadata.name !== job.metadata.name);
  await Promise.all(old.map((each) => remove(run, each)));
}

async function remove({ cluster, beat }: CheckRun, job: KubeObject): Promise<void> {
  const { signal } = beat;
  await cluster.remove(refOf(job), { propagation: 'Background', signal }).catch((error: unknown) => {
    if (!isPortError(error, 'NotFound')) throw error;
  });
}

function failed(
  check: Located,
  job: KubeObject,
  end: Exclude<JobEnd, { readonly kind: 'complete' }>,
): Problem {
  const { name, namespace = '' } = job.metadata;
  const remedy =
    end.kind === 'gone' ? 'sync again' : `\`kubectl logs -n ${namespace} job/${name}\` shows what it said`;
  return problem(check, end.sentence, remedy);
}

function problem(check: Located, message: string, remedy: string): Problem {
  return problemAt(check, { code: 'CheckFailed', path: [], message: `check failed: ${message}`, remedy });
}
