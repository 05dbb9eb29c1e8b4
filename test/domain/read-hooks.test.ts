import { readWorkloads } from '../../src/domain/read-rollout';
import { deploymentText, edit, objectsIn, rolloutText, told, valueOf, type BadRow } from './read-yaml';

/** A Job in one line with these annotations. */
function jobText(name: string, annotations: string): string {
  const pod = 'template: { spec: { restartPolicy: Never, containers: [{ name: job, image: job:1 }] } }';
  return `---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, annotations: { ${annotations} } }\nspec: { ${pod} }\n`;
}

const migrate = jobText('migrate', 'belay.dev/hook: pre');
const back = jobText('migrate-back', 'belay.dev/undoes: migrate');
const warm = jobText('warm', 'belay.dev/hook: post');
const plain = jobText('seed', 'example.com/x: y');
const text = `${rolloutText}${migrate}${back}${warm}${plain}`;

test('Jobs with an annotation become hooks of the only workload, each with the Job that takes it back', () => {
  const { workloads, others } = valueOf(readWorkloads(objectsIn(text), 'shop'));
  const named = (name: string) => ({ object: { metadata: { name } } });
  expect(workloads[0]?.hooks).toMatchObject([
    { name: 'migrate', phase: 'pre', job: named('migrate'), undo: named('migrate-back') },
    { name: 'warm', phase: 'post', job: named('warm') },
  ]);
  expect(workloads[0]?.hooks?.[1]).not.toHaveProperty('undo');
  expect(others.map(({ object }) => object.metadata.name)).toEqual(['web-stable', 'web-preview', 'seed']);
});

test('a workload without hooks says nothing of them', () => {
  const [workload] = valueOf(readWorkloads(objectsIn(rolloutText), 'shop')).workloads;
  expect(workload).not.toHaveProperty('hooks');
});

test('of several workloads the annotation names one', () => {
  const job = jobText('migrate', 'belay.dev/hook: pre, belay.dev/hook-for: api');
  const { workloads } = valueOf(
    readWorkloads(objectsIn(`${rolloutText}${deploymentText('api')}${job}`), 'shop'),
  );
  expect(workloads.map(({ name, hooks }) => [name, hooks?.length ?? 0])).toEqual([
    ['web', 0],
    ['api', 1],
  ]);
});

const hook = 'belay.dev/hook: pre';
const undoes = 'belay.dev/undoes: migrate';
const rows: readonly BadRow[] = [
  [
    'an unknown phase',
    hook,
    'belay.dev/hook: before',
    'InvalidSpec web.yaml:42: Job migrate: metadata.annotations["belay.dev/hook"]: "before" is none of pre, post; use one of: pre, post',
    'InvalidSpec web.yaml:47: Job migrate-back: metadata.annotations["belay.dev/undoes"]: there is no hook called migrate in this revision; name a Job with the annotation belay.dev/hook',
  ],
  [
    'a misspelt annotation',
    'belay.dev/hook: post',
    'belay.dev/hok: post',
    'UnknownField web.yaml:52: Job warm: metadata.annotations["belay.dev/hok"]: unknown annotation; did you mean "belay.dev/hook"?',
  ],
  [
    'a workload that is not there',
    hook,
    `${hook}, belay.dev/hook-for: wbe`,
    'InvalidSpec web.yaml:42: Job migrate: metadata.annotations["belay.dev/hook-for"]: there is no workload called wbe in this revision; did you mean "web"?',
  ],
  [
    'an undo of a hook that is not there',
    undoes,
    'belay.dev/undoes: migrat',
    'InvalidSpec web.yaml:47: Job migrate-back: metadata.annotations["belay.dev/undoes"]: there is no hook called migrat in this revision; did you mean "migrate"?',
  ],
  [
    'two undos of one hook',
    warm,
    jobText('again', undoes),
    'InvalidSpec web.yaml:52: Job again: metadata.annotations["belay.dev/undoes"]: hook migrate is undone by Job migrate-back (web.yaml:45) already; remove one of the two',
  ],
  [
    'a hook that takes back another one',
    'belay.dev/hook: post',
    `belay.dev/hook: post, ${undoes}`,
    'InvalidSpec web.yaml:52: Job warm: metadata.annotations["belay.dev/undoes"]: a hook cannot take back another one; make two Jobs of it',
  ],
  [
    'a workload without a phase',
    'belay.dev/hook: post',
    'belay.dev/hook-for: web',
    'InvalidSpec web.yaml:52: Job warm: metadata.annotations["belay.dev/hook-for"]: it is written without belay.dev/hook; write belay.dev/hook: pre or post too',
  ],
  [
    'a hook that could belong to two workloads',
    plain,
    deploymentText('api'),
    'InvalidSpec web.yaml:42: Job migrate: metadata.annotations["belay.dev/hook"]: it could be the hook of 2 workloads; name one with the annotation belay.dev/hook-for',
    'InvalidSpec web.yaml:52: Job warm: metadata.annotations["belay.dev/hook"]: it could be the hook of 2 workloads; name one with the annotation belay.dev/hook-for',
  ],
];

test.each(rows)('refuses %s', (_name, from, to, ...expected) => {
  expect(told(readWorkloads(objectsIn(edit(text, from, to)), 'shop'))).toEqual(expected);
});

test('refuses a hook where there is no workload', () => {
  expect(told(readWorkloads(objectsIn(migrate), 'shop'))).toEqual([
    'InvalidSpec web.yaml:4: Job migrate: metadata.annotations["belay.dev/hook"]: there is no workload whose hook it could be; remove the annotation',
  ]);
});
