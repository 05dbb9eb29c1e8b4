import { findUnconcerned } from '../../src/activities/concerned';
import { sourcesKey, UsedPaths } from '../../src/activities/used-paths';
import type { ApplicationSpec, SourceSpec } from '../../src/domain/application-spec';
import type { Watched } from '../../src/messages/observer';
import { PortError } from '../../src/ports/port-error';

const repoUrl = 'https://git.example/shop.git';
const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
const source: SourceSpec = { repoUrl, path: 'apps/web', targetRevision: 'main', recurse: false };

function specOf(part: Partial<ApplicationSpec> = {}): ApplicationSpec {
  return {
    name: 'web',
    project: 'default',
    source,
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    createNamespace: false,
    revisionHistoryLimit: 10,
    writeBack: 'revert',
    ...part,
  };
}

function watchedOf(spec: ApplicationSpec, index?: number): Watched {
  const which = index === undefined ? {} : { source: index };
  return { application: spec.name, targetRevision: 'main', ...which, sources: sourcesKey(spec) };
}

/** Trees of two commits, by path. */
function treesOf(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  return {
    ids: async ({ revision }: { readonly revision: string }, paths: readonly string[]) =>
      paths.map((path) => (revision === first ? before : after)[path]),
  };
}

interface Case {
  readonly spec?: Partial<ApplicationSpec>;
  readonly uses?: readonly string[];
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

async function isUnconcerned({ spec: part, uses = ['apps/web'], before, after }: Case): Promise<boolean> {
  const spec = specOf(part);
  const usedPaths = new UsedPaths();
  usedPaths.note({ spec, revision: first }, [{ repoUrl, paths: uses }]);
  const ports = { usedPaths, trees: treesOf(before, after) };
  const move = { repoUrl, from: first, to: second };
  const found = await findUnconcerned(ports, move, [watchedOf(spec)], new AbortController().signal);
  return found.length === 1;
}

test.each<[string, Case, boolean]>([
  [
    'another directory',
    { before: { 'apps/web': 'a', docs: 'x' }, after: { 'apps/web': 'a', docs: 'y' } },
    true,
  ],
  ['its own directory', { before: { 'apps/web': 'a' }, after: { 'apps/web': 'b' } }, false],
  [
    'a base that its Kustomization refers to',
    {
      uses: ['apps/web', 'base'],
      before: { 'apps/web': 'a', base: 'x' },
      after: { 'apps/web': 'a', base: 'y' },
    },
    false,
  ],
  [
    'a file that was looked for and is there now',
    {
      uses: ['apps/web', 'values.yaml'],
      before: { 'apps/web': 'a' },
      after: { 'apps/web': 'a', 'values.yaml': 'x' },
    },
    false,
  ],
  [
    'what manifest-generate-paths names outside of it',
    {
      spec: { generatePaths: ['shared'] },
      before: { 'apps/web': 'a', shared: 'x' },
      after: { 'apps/web': 'a', shared: 'y' },
    },
    false,
  ],
  [
    'its own policies',
    {
      spec: { policies: 'rules' },
      before: { 'apps/web': 'a', rules: 'x' },
      after: { 'apps/web': 'a', rules: 'y' },
    },
    false,
  ],
])(
  'a commit that changes %s leaves the application alone: decided by tree ids',
  async (_what, given, expected) => {
    expect(await isUnconcerned(given)).toBe(expected);
  },
);

describe('an application has to look by itself', () => {
  const same = treesOf({ 'apps/web': 'a' }, { 'apps/web': 'a' });
  const spec = specOf();
  const move = { repoUrl, from: first, to: second };
  const ask = (
    usedPaths: UsedPaths,
    trees: { readonly ids: typeof same.ids } = same,
    watched = watchedOf(spec),
  ) => findUnconcerned({ usedPaths, trees }, move, [watched], new AbortController().signal);

  function noted(revision = first): UsedPaths {
    const usedPaths = new UsedPaths();
    usedPaths.note({ spec, revision }, [{ repoUrl, paths: ['apps/web'] }]);
    return usedPaths;
  }

  test('unless this process has read just the revision that it was told last', async () => {
    expect(await ask(noted())).toHaveLength(1);
    expect(await ask(new UsedPaths())).toEqual([]);
    expect(await ask(noted(second))).toEqual([]);
  });

  test('after its sources have changed', async () => {
    const other = specOf({ source: { ...source, path: 'apps/other' } });
    expect(await ask(noted(), same, watchedOf(other))).toEqual([]);
  });

  test('when the last revision was refused, or any commit may render something else', async () => {
    const refused = noted();
    refused.forget('web');
    expect(await ask(refused)).toEqual([]);
    const open = noted();
    open.note({ spec, revision: first }, undefined);
    expect(await ask(open)).toEqual([]);
  });

  test('when Git cannot tell, as after a force-push has dropped the old commit', async () => {
    const gone = async (): Promise<never> => {
      throw new PortError('no such commit', { code: 'RevisionNotFound', retry: 'never' });
    };
    expect(await ask(noted(), { ids: gone })).toEqual([]);
  });
});

test('each source of an application is told apart, and knows its own revision', () => {
  const charts = 'https://git.example/charts.git';
  const spec = specOf({
    source: { ...source, repoUrl: charts, path: 'chart', helm: { valueFiles: ['$values/web/values.yaml'] } },
    otherSources: [
      { repoUrl, path: '.', targetRevision: 'main', recurse: false, ref: 'values', refOnly: true },
    ],
  });
  const usedPaths = new UsedPaths();
  const uses = [
    { repoUrl: charts, paths: ['chart'] },
    { repoUrl, paths: ['web/values.yaml'] },
  ];
  usedPaths.note({ spec, revision: first, pins: [second] }, uses);
  expect(usedPaths.pathsAt(watchedOf(spec), first)).toEqual(['chart']);
  expect(usedPaths.pathsAt(watchedOf(spec, 1), second)).toEqual(['web/values.yaml']);
  expect(usedPaths.pathsAt(watchedOf(spec, 1), first)).toBeUndefined();
});
