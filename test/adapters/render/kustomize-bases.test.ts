import { parseBase } from '../../../src/adapters/render/kustomize-base-url';
import type { AllowedBases } from '../../../src/adapters/render/kustomize-bases';
import { PortError } from '../../../src/ports/port-error';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { configMap, createRenderBench, type RenderBench } from './bench';

let bench: RenderBench;
let team: BareRepo;
let asked: string[] = [];
let bases: AllowedBases;

/** The commits of the other repository, without a remote in between. */
async function resolve(_repoUrl: string, ref: string): Promise<string> {
  asked.push(ref);
  const name = `${ref}^{commit}`;
  const revision = await team.git('rev-parse', '--verify', '--quiet', name).catch(() => undefined);
  if (revision !== undefined) return revision;
  throw new PortError(`${ref} is no branch or tag`, { code: 'RevisionNotFound', retry: 'never' });
}

beforeAll(async () => {
  team = await createBareRepo();
  bases = { allow: [team.url], resolve };
  await commitFiles(team, {
    'web/kustomization.yaml': 'resources: [../shared, web.yaml]\nnamePrefix: team-\n',
    'web/web.yaml': configMap('web', { version: 'one' }),
    'shared/kustomization.yaml': 'resources: [shared.yaml]\n',
    'shared/shared.yaml': configMap('shared'),
    'broken/kustomization.yaml': 'resources: [/etc/../../outside]\n',
    'part/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [part.yaml]\n',
    'part/part.yaml': configMap('part'),
  });
  await team.git('tag', 'v1');
  bench = await createRenderBench({ bases });
});
afterAll(async () => {
  await bench.remove();
  await team.remove();
});
beforeEach(() => {
  asked = [];
});

async function build(resource: string, more = '') {
  await bench.commit({
    'app/kustomization.yaml': `resources:\n- own.yaml\n- ${resource}\n${more}`,
    'app/own.yaml': configMap('own'),
  });
  return bench.render({ path: 'app' });
}

test('a base of another repository is built in, with what it refers to there', async () => {
  const { files, problems } = await build(`${team.url}//web?ref=v1`);
  expect(problems).toEqual([]);
  const all = Object.values(files).join('');
  expect([...all.matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name).sort()).toEqual([
    'own',
    'team-shared',
    'team-web',
  ]);
  expect(
    Object.keys(files).some((file) => /^\.belay-bases\/.*@[0-9a-f]{12}\/web\/web\.yaml$/.test(file)),
  ).toBe(true);
});

test('components of another repository too', async () => {
  const { files, problems } = await build(
    `${team.url}//shared?ref=v1`,
    `components:\n- ${team.url}//part?ref=v1\n`,
  );
  expect(problems).toEqual([]);
  expect(Object.values(files).join('')).toContain('name: part');
});

test('a tag that moves gives another output, and one that stays is not built again', async () => {
  const another = bench.another({ bases });
  await commitFiles(team, { 'web/web.yaml': configMap('web', { version: 'two' }) });
  await team.git('tag', 'moving', 'v1');
  await build(`${team.url}//web?ref=moving`);
  const before = await another.prepare({ path: 'app' });
  await team.git('tag', '--force', 'moving', 'main');
  const after = await bench.another({ bases }).render({ path: 'app' });
  expect(Object.values(after.files).join('')).toContain('version: two');
  expect(before.ok && before.value.key).not.toBe(after.key);
});

test('a ref is asked for once for all looks at a rendering', async () => {
  await build(`${team.url}//web?ref=v1`);
  const fresh = bench.another({ bases });
  asked = [];
  await fresh.render({ path: 'app' });
  await fresh.render({ path: 'app' });
  expect(asked).toEqual(['v1']);
});

test.each<[string, () => string, object]>([
  [
    'no revision',
    () => `${team.url}//web`,
    { code: 'Unsupported', message: expect.stringContaining('names no revision') },
  ],
  ['a revision that does not exist', () => `${team.url}//web?ref=v9`, { code: 'RevisionNotFound' }],
  [
    'a path that does not exist',
    () => `${team.url}//none?ref=v1`,
    { code: 'PathNotFound', message: expect.stringContaining('none does not exist in') },
  ],
  [
    'a repository that is not allowed',
    () => 'https://elsewhere.example/a/b//c?ref=v1',
    { code: 'Unsupported', remedy: expect.stringContaining('--allow-bases') },
  ],
  [
    'a single file on the network',
    () => 'https://elsewhere.example/a/b/c.yaml',
    { code: 'Unsupported', message: expect.stringContaining('no Git repository') },
  ],
])('%s is refused where it is written', async (_name, resource, problem) => {
  const { problems } = await build(resource());
  expect(problems).toMatchObject([
    { file: 'app/kustomization.yaml', line: 3, field: 'resources[1]', ...problem },
  ]);
});

test('a base that leads out of its repository is refused, and its file named', async () => {
  const { problems } = await build(`${team.url}//broken?ref=v1`);
  expect(problems).toMatchObject([
    { file: expect.stringMatching(/^\.belay-bases\/.*\/broken\/kustomization\.yaml$/) },
  ]);
});

test.each([
  ['https://github.com/acme/base//web?ref=v1', 'https://github.com/acme/base', 'web', 'v1'],
  ['https://github.com/acme/base/web/prod?ref=v1', 'https://github.com/acme/base', 'web/prod', 'v1'],
  ['github.com/acme/base?ref=v1', 'https://github.com/acme/base', '.', 'v1'],
  ['git@github.com:acme/base.git//web?ref=v1&timeout=90s', 'git@github.com:acme/base.git', 'web', 'v1'],
  ['git::https://git.example/team/base.git/web?version=v1', 'https://git.example/team/base.git', 'web', 'v1'],
  ['ssh://git@git.example:2222/a/b/c//web?ref=v1', 'ssh://git@git.example:2222/a/b/c', 'web', 'v1'],
])('%s is a base in %s at %s', (value, repoUrl, path, ref) => {
  expect(parseBase(value)).toEqual({ repoUrl, path, ref });
});

test.each([
  'https://git.example/a/b/c.yaml',
  'https://git.example/only',
  'https://git.example/a/b//../c?ref=v1',
])('%s is no base', (value) => {
  expect(parseBase(value)).toBeUndefined();
});
