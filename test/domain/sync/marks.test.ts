import type { Problem } from '../../../src/domain/problem';
import { readSyncMarks } from '../../../src/domain/sync/marks';
import { objectsIn, told } from '../read-yaml';

/** Marks of a Job with these annotations, each on a line of its own from line 6 on. */
function marksOf(...annotations: readonly string[]) {
  const lines = ['apiVersion: batch/v1', 'kind: Job', 'metadata:', '  name: migrate'];
  const head =
    annotations.length === 0 ? [] : ['  annotations:', ...annotations.map((each) => `    ${each}`)];
  const [job] = objectsIn([...lines, ...head].join('\n'));
  if (job === undefined) throw new Error('no job');
  const problems: Problem[] = [];
  const marks = readSyncMarks(job, problems);
  return { marks, told: told({ ok: false, problems }) };
}

const hook = 'argocd.argoproj.io/hook: PreSync';

describe('what annotations ask of a sync', () => {
  test('is nothing where there are none', () => {
    const plain = { hookPhases: [], isHook: false, skip: false, wave: 0, deletePolicies: [], options: {} };
    expect(marksOf()).toEqual({ marks: plain, told: [] });
    expect(marksOf('example.com/other: x')).toEqual({ marks: plain, told: [] });
  });

  test('is everything at once', () => {
    const { marks, told: problems } = marksOf(
      'argocd.argoproj.io/hook: " PostSync ,PreSync,"',
      'argocd.argoproj.io/sync-wave: "-3"',
      'argocd.argoproj.io/hook-delete-policy: HookSucceeded, HookFailed',
      'argocd.argoproj.io/sync-options: Prune=confirm, Replace=true,Force=true,ServerSideApply=false',
    );
    expect(problems).toEqual([]);
    expect(marks).toEqual({
      hookPhases: ['PreSync', 'PostSync'],
      isHook: true,
      skip: false,
      wave: -3,
      deletePolicies: ['HookSucceeded', 'HookFailed'],
      options: { prune: 'confirm', replace: true, force: true, serverSideApply: false },
    });
  });

  test("of a chart is Helm's, the policies of both together", () => {
    const { marks, told: problems } = marksOf(
      'helm.sh/hook: post-upgrade, pre-install, test',
      'helm.sh/hook-weight: "+5"',
      'helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded',
      'argocd.argoproj.io/hook-delete-policy: HookSucceeded',
    );
    expect(problems).toEqual([]);
    expect(marks).toMatchObject({
      hookPhases: ['PreSync', 'PostSync'],
      wave: 5,
      deletePolicies: ['HookSucceeded', 'BeforeHookCreation'],
    });
  });

  test.each(['pre-delete', 'post-delete', 'pre-rollback', 'post-rollback', 'test', '"test,pre-delete"'])(
    'does not make a part of a sync of Helm hook %s',
    (type) => {
      expect(marksOf(`helm.sh/hook: ${type}`)).toMatchObject({
        marks: { hookPhases: [], isHook: true, skip: true },
        told: [],
      });
    },
  );

  test("has Argo CD's wave before Helm's weight, of plain objects too", () => {
    const both = marksOf('helm.sh/hook-weight: "7"', 'argocd.argoproj.io/sync-wave: "0"');
    expect(both.marks).toMatchObject({ isHook: false, wave: 0 });
    expect(marksOf('helm.sh/hook-weight: "7"').marks).toMatchObject({ isHook: false, wave: 7 });
  });

  test('has no delete policies for what is no hook', () => {
    expect(marksOf('argocd.argoproj.io/hook-delete-policy: HookFailed').marks.deletePolicies).toEqual([]);
    expect(marksOf(hook).marks.deletePolicies).toEqual(['BeforeHookCreation']);
  });

  test.each([
    [
      'a misspelt type of hook',
      ['argocd.argoproj.io/hook: Presync'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/hook"]: "Presync" is none of PreSync, Sync, PostSync, SyncFail, Skip; did you mean "PreSync"?',
    ],
    [
      'a type of hook that is nothing like one',
      ['argocd.argoproj.io/hook: Whenever'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/hook"]: "Whenever" is none of PreSync, Sync, PostSync, SyncFail, Skip; use PreSync, Sync, PostSync, SyncFail, Skip',
    ],
    [
      'an empty type of hook',
      ['argocd.argoproj.io/hook: ""'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/hook"]: is empty; write one of PreSync, Sync, PostSync, SyncFail, Skip, or remove it',
    ],
    [
      'Skip with another type',
      ['argocd.argoproj.io/hook: Skip,Sync'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/hook"]: Skip and other types of hooks exclude each other; keep one of them',
    ],
    [
      'a hook of the deletion',
      ['argocd.argoproj.io/hook: PostDelete'],
      'Unsupported web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/hook"]: PostDelete hooks are not supported yet; remove it, and do by hand what it does when the application is deleted',
    ],
    [
      'a misspelt hook of Helm',
      ['helm.sh/hook: pre-instal'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["helm.sh/hook"]: "pre-instal" is none of pre-install, pre-upgrade, post-install, post-upgrade, pre-delete, post-delete, pre-rollback, post-rollback, test, test-success, test-failure, crd-install; did you mean "pre-install"?',
    ],
    [
      'an unknown delete policy',
      [hook, 'argocd.argoproj.io/hook-delete-policy: HookSuceeded'],
      'InvalidSpec web.yaml:7: Job migrate: metadata.annotations["argocd.argoproj.io/hook-delete-policy"]: "HookSuceeded" is none of BeforeHookCreation, HookSucceeded, HookFailed; did you mean "HookSucceeded"?',
    ],
    [
      "Argo CD's delete policy in Helm's annotation",
      [hook, 'helm.sh/hook-delete-policy: HookFailed'],
      'InvalidSpec web.yaml:7: Job migrate: metadata.annotations["helm.sh/hook-delete-policy"]: "HookFailed" is none of before-hook-creation, hook-succeeded, hook-failed; use before-hook-creation, hook-succeeded, hook-failed',
    ],
    [
      'a wave that is no number',
      ['argocd.argoproj.io/sync-wave: first'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/sync-wave"]: "first" is no whole number; write one such as "-1" or "5"',
    ],
    [
      'a wave that is a fraction',
      ['argocd.argoproj.io/sync-wave: "1.5"'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/sync-wave"]: "1.5" is no whole number; write one such as "-1" or "5"',
    ],
    [
      'a wave without quotes',
      ['argocd.argoproj.io/sync-wave: 5'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/sync-wave"]: must be a text, not the number 5; write it in quotes: "5"',
    ],
    [
      'a weight that is no number',
      ['helm.sh/hook-weight: heavy'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["helm.sh/hook-weight"]: "heavy" is no whole number; write one such as "-1" or "5"',
    ],
    [
      'an option of the application',
      ['argocd.argoproj.io/sync-options: CreateNamespace=true'],
      'InvalidSpec web.yaml:6: Job migrate: metadata.annotations["argocd.argoproj.io/sync-options"]: sync option CreateNamespace is about an application, not about one object; write it in spec.syncPolicy.syncOptions of the application',
    ],
    [
      "a hook of a rollout that is Argo CD's too",
      [hook, 'belay.dev/hook: pre'],
      'InvalidSpec web.yaml:7: Job migrate: metadata.annotations["belay.dev/hook"]: it is a hook of a rollout (belay.dev/hook) and of a sync (argocd.argoproj.io/hook) at once; keep one of the two annotations',
    ],
    [
      "a hook of a rollout that is Helm's too",
      ['helm.sh/hook: test', 'belay.dev/undoes: migrate'],
      'InvalidSpec web.yaml:7: Job migrate: metadata.annotations["belay.dev/undoes"]: it is a hook of a rollout (belay.dev/undoes) and of a sync (helm.sh/hook) at once; keep one of the two annotations',
    ],
  ])('is refused with %s', (_name, annotations, expected) => {
    expect(marksOf(...annotations).told).toEqual([expected]);
  });

  test('is refused with an unknown option, at its line', () => {
    const { told: problems, marks } = marksOf(
      hook,
      'argocd.argoproj.io/sync-options: Prun=false,Validate=false',
    );
    expect(problems).toEqual([
      expect.stringMatching(/^UnknownField web\.yaml:7: Job migrate: .*Prun.*"Prune"/),
    ]);
    expect(marks.options).toEqual({ validate: false });
  });

  test("goes by Argo CD's annotation alone where Helm's makes no sense", () => {
    expect(marksOf(hook, 'helm.sh/hook: whenever')).toMatchObject({
      marks: { hookPhases: ['PreSync'] },
      told: [],
    });
  });
});
