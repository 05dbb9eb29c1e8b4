import { describeProblem, type Problem } from '../../../src/domain/problem';
import { planSync } from '../../../src/domain/sync/plan';
import { undosIn, withUndos } from '../../../src/domain/sync/undos';
import { lintRevision } from '../../../src/domain/lint/lint-revision';
import { objectsIn } from '../read-yaml';

function object(kind: string, name: string, annotations: string): string {
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'v1';
  const pod = 'template: { spec: { restartPolicy: Never, containers: [{ name: job, image: job:1 }] } }';
  return `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { ${name}, annotations: { ${annotations} } }\nspec: { ${pod} }\n`;
}

const migrate = object('Job', 'name: migrate', 'argocd.argoproj.io/hook: PreSync');
const undo = (annotations = 'belay.dev/undoes: migrate', name = 'name: unmigrate') =>
  object('Job', name, annotations);

function read(text: string) {
  const problems: Problem[] = [];
  const plan = planSync(objectsIn(text), problems, { namespace: 'shop' });
  return { sync: withUndos(plan, { namespace: 'shop', problems }), problems };
}

test('a Job that undoes a hook of the sync is in no step, and its hook stays until it is made anew', () => {
  const policy = 'argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded';
  const { sync, problems } = read(`${object('Job', 'name: migrate', policy)}${undo()}`);
  expect(problems).toEqual([]);
  expect(sync.steps).toMatchObject([
    {
      phase: 'PreSync',
      tasks: [
        {
          located: { object: { metadata: { name: 'migrate' } } },
          undo: { object: { metadata: { name: 'unmigrate' } } },
          marks: { deletePolicies: ['BeforeHookCreation'] },
        },
      ],
    },
  ]);
  expect(sync.steps).toHaveLength(1);
  expect(undosIn(sync)).toHaveLength(1);
});

test('a sync without such a Job is left alone', () => {
  const text = `${migrate}${object('Job', 'name: seed', 'example.com/x: y')}`;
  expect(undosIn(read(text).sync)).toEqual([]);
  expect(read(text).sync.steps).toHaveLength(2);
});

test.each([
  [
    'two undos of one hook',
    `${migrate}${undo()}${undo(undefined, 'name: again')}`,
    'Job unmigrate: metadata.annotations["belay.dev/undoes"]: hook migrate is undone by Job again (web.yaml:12) already',
  ],
  [
    'a hook that is no Job',
    `${object('Pod', 'name: migrate', 'argocd.argoproj.io/hook: PreSync')}${undo()}`,
    'hook migrate is a Pod, and only a Job can be taken back',
  ],
  [
    'another annotation that nobody knows',
    `${migrate}${undo('belay.dev/undoes: migrate, belay.dev/undos: x')}`,
    'unknown annotation',
  ],
])('%s is refused by name', (_name, text, words) => {
  expect(read(text).problems.map(describeProblem).join()).toContain(words);
});

test('an undo whose hook nobody knows is left to the hooks of rollouts, which refuse it by name', () => {
  expect(undosIn(read(`${migrate}${undo('belay.dev/undoes: migrat')}`).sync)).toEqual([]);
  const orphan = lintRevision(objectsIn(`${migrate}${undo('belay.dev/undoes: migrat')}`), 'shop');
  expect(JSON.stringify(orphan)).toContain('there is no hook called migrat in this revision');
  expect(JSON.stringify(lintRevision(objectsIn(`${migrate}${undo()}`), 'shop'))).not.toContain('undoes');
});
