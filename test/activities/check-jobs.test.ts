import type { ChecksInput } from '../../src/activities/check-jobs';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { KubeObject } from '../../src/domain/kube-object';
import { gitPath } from '../support/cluster-git';
import { createClusterActivities } from '../../src/activities';
import type { Policies } from '../../src/ports/policies';
import { portsOf, run, startLab, type Lab } from '../support/cluster-lab';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(async () => {
  lab.kube.close();
  await lab.stop();
});

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n';

/** A check of one pod, which the simulated kubelet ends well unless told otherwise. */
function check(behavior?: string, more = ''): string {
  const annotations = behavior === undefined ? '{}' : `{sim.belay.dev/behavior: ${behavior}}`;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: tests
  annotations: {belay.dev/check: "true"}
spec:
  ${more}
  template:
    metadata: {annotations: ${annotations}}
    spec:
      automountServiceAccountToken: true
      containers: [{name: main, image: "registry.example/tests:v1"}]
`;
}

async function application(): Promise<ApplicationSpec> {
  const namespace = await lab.namespace();
  return {
    name: `web-${namespace}`,
    project: 'default',
    source: {
      repoUrl: 'https://ada:s3ntinel@git.example/shop.git',
      path: gitPath,
      targetRevision: 'main',
      recurse: false,
    },
    destination: { name: 'in-cluster', namespace },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
  };
}

const commit = (job: string): string => lab.git.commit({ 'web.yaml': configMap, 'tests.yaml': job });

async function jobsOf({ destination }: ApplicationSpec): Promise<readonly KubeObject[]> {
  const { namespace } = destination;
  return lab.kube.list({ apiVersion: 'batch/v1', kind: 'Job' }, { namespace });
}

it('a check that succeeds runs once for a run, knows its revision and has no token', async () => {
  const spec = await application();
  const input: ChecksInput = { spec, revision: commit(check()), run: 'r1' };
  const results = await Promise.all(
    [lab.worker(), lab.worker()].map((worker) => run(worker.runChecks, input)),
  );
  expect(results).toEqual([{ problems: [] }, { problems: [] }]);
  const jobs = await jobsOf(spec);
  expect(jobs).toHaveLength(1);
  const { namespace } = spec.destination;
  const [pod, another] = await lab.kube.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
  expect(another).toBeUndefined();
  expect(pod?.['spec']).toMatchObject({ automountServiceAccountToken: false });
  const text = JSON.stringify(pod);
  expect(text).not.toContain('kube-api-access');
  expect(text).toContain(`{"name":"BELAY_REVISION","value":"${input.revision}"}`);
  expect(text).toContain('{"name":"BELAY_REPOSITORY","value":"https://git.example/shop.git"}');
  expect(text).not.toContain('s3ntinel');
  await run(lab.worker().dropChecks, input);
  await run(lab.worker().dropChecks, input);
  expect(await jobsOf(spec)).toEqual([]);
});

it('one that fails is told with its place, kept, and made way for by the next run', async () => {
  const spec = await application();
  const failing: ChecksInput = { spec, revision: commit(check('crash')), run: 'r1' };
  const { problems } = await run(lab.worker().runChecks, failing);
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'CheckFailed',
      file: 'k8s/tests.yaml',
      line: 1,
      object: 'Job tests',
      message: expect.stringMatching(
        /^check failed: Job tests-.* container main ended with exit code 1/,
      ) as string,
      remedy: expect.stringMatching(/kubectl logs -n shop-\d+ job\/tests-/) as string,
    }),
  ]);
  const [kept] = await jobsOf(spec);
  expect(await run(lab.worker().runChecks, failing)).toEqual({ problems });
  expect((await jobsOf(spec)).map(({ metadata }) => metadata.uid)).toEqual([kept?.metadata.uid]);
  const fixed = { spec, revision: commit(check()), run: 'r2' };
  expect(await run(lab.worker().runChecks, fixed)).toEqual({ problems: [] });
  const names = (await jobsOf(spec)).map(({ metadata }) => metadata.name);
  expect(names).not.toContain(kept?.metadata.name);
});

it('one that does not end is ended by its deadline', async () => {
  const spec = await application();
  const input = { spec, revision: commit(check('never-ready', 'activeDeadlineSeconds: 1')), run: 'r1' };
  const { problems } = await run(lab.worker().runChecks, input);
  expect(problems).toMatchObject([
    { code: 'CheckFailed', message: expect.stringContaining('deadline') as string },
  ]);
});

it('one that the API server refuses is a problem too', async () => {
  const spec = await application();
  const input = { spec, revision: commit(check(undefined, 'backoffLimit: -1')), run: 'r1' };
  const { problems } = await run(lab.worker().runChecks, input);
  expect(problems).toMatchObject([
    { code: 'CheckFailed', message: expect.stringContaining('backoffLimit') as string },
  ]);
});

it('a cancellation deletes what runs', async () => {
  const spec = await application();
  const controller = new AbortController();
  const input = { spec, revision: commit(check('never-ready')), run: 'r1' };
  const running = run(lab.worker().runChecks, input, controller.signal);
  running.catch(() => undefined);
  await until('the check has been made', async () => (await jobsOf(spec)).length === 1);
  controller.abort();
  await expect(running).rejects.toThrow();
  await until('the check is gone', async () => (await jobsOf(spec)).length === 0);
});

it('a check is no part of what is applied, and is named by the plan', async () => {
  const spec = await application();
  const revision = commit(check());
  const worker = lab.worker();
  expect(await run(worker.planRevision, { spec, revision })).toMatchObject({
    kind: 'planned',
    plan: { objects: 1, checks: ['tests'] },
  });
  const all = { spec, revision, stage: 'after', treatments: {}, fix: true, prune: true } as const;
  expect(await run(worker.applyRevision, all)).toMatchObject({
    applied: [expect.stringContaining('ConfigMap')],
    problems: [],
  });
  expect(await jobsOf(spec)).toEqual([]);
});

it('an application with policies is refused by a worker without any', async () => {
  const spec = { ...(await application()), policies: 'policies' };
  const answer = await run(lab.worker().planRevision, { spec, revision: commit(check()) });
  expect(answer).toMatchObject({ kind: 'refused', problems: [{ code: 'InvalidPolicy' }] });
});

it('what a policy forbids is refused with its place, but never on the way back', async () => {
  const policies: Policies = {
    check: async ({ objects, application: { repoUrl } }) => ({
      findings: objects.map((_each, object) => ({
        rule: 'deny',
        file: 'policies/a.rego',
        line: 2,
        isWorkers: true,
        severity: 'deny',
        object,
        message: `not from ${repoUrl}`,
      })),
      flaws: [],
    }),
  };
  const ports = { ...portsOf(lab), policies };
  const { planRevision } = createClusterActivities(ports);
  const input = { spec: await application(), revision: commit(check()) };
  expect(await run(planRevision, input)).toMatchObject({
    kind: 'refused',
    problems: [
      { code: 'PolicyViolation', file: 'k8s/tests.yaml', object: 'Job tests' },
      {
        file: 'k8s/web.yaml',
        line: 1,
        message: expect.stringContaining('not from https://git.example/shop.git (') as string,
      },
    ],
  });
  expect(await run(planRevision, { ...input, isGoingBack: true })).toMatchObject({ kind: 'planned' });
});
