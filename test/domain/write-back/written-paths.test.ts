import type { SourceSpec } from '../../../src/domain/application-spec';
import { outermost, writtenPaths } from '../../../src/domain/write-back/written-paths';

const source = (more: Partial<SourceSpec> = {}): SourceSpec => ({
  ...{ repoUrl: 'https://git.example/shop', path: 'deploy/web', targetRevision: 'main', recurse: false },
  ...more,
});
const helm = (...valueFiles: readonly string[]): Pick<SourceSpec, 'helm'> => ({ helm: { valueFiles } });

type Row = readonly [
  name: string,
  expected: readonly string[],
  source: SourceSpec,
  generatePaths?: readonly string[],
];

const rows: readonly Row[] = [
  ['a directory', ['deploy/web'], source()],
  ['the whole repository', ['.'], source({ path: '.' })],
  ['a path with brackets in its name', ['apps/[eu]/web'], source({ path: 'apps/[eu]/web' })],
  ['files of values inside the path', ['deploy/web'], source(helm('values.yaml', 'env/prod.yaml'))],
  [
    'files of values beside the path and from the root',
    ['deploy/web', 'deploy/shared.yaml', 'values/prod.yaml'],
    source(helm('../shared.yaml', '/values/prod.yaml')),
  ],
  [
    'files of values that name no source and leave the repository',
    ['deploy/web'],
    source(helm('../../../x')),
  ],
  [
    'a file of values of another source: that is not in this repository',
    ['deploy/web'],
    source(helm('$values/prod.yaml')),
  ],
  [
    'a file of a parameter',
    ['deploy/web', 'config/web.toml'],
    source({ helm: { fileParameters: [{ name: 'config', path: '/config/web.toml' }] } }),
  ],
  [
    'components and patches of the Application',
    ['deploy/web', 'deploy/components/tls', 'deploy/patches/eu.yaml'],
    source({
      kustomize: {
        components: ['../components/tls', 'own'],
        patches: [{ path: '../patches/eu.yaml' }, { patch: '- op: remove' }],
      },
    }),
  ],
  ['what manifest-generate-paths names', ['deploy/web', 'base'], source(), ['deploy/web', 'base']],
  ['a folder above the path', ['deploy'], source(), ['deploy']],
  [
    'patterns of manifest-generate-paths, which name nothing that could go back as a whole',
    ['deploy/web', 'base'],
    source(),
    ['charts/*.yaml', 'lib/{a,b}', 'x?', '[ab]', 'base'],
  ],
  ['the root in manifest-generate-paths, which is everybody else as well', ['deploy/web'], source(), ['.']],
  ['the root in manifest-generate-paths where it is the path', ['.'], source({ path: '.' }), ['.']],
  [
    'a chart of a chart repository',
    [],
    source({ chart: 'web', path: '.', ...helm('/values.yaml') }),
    ['base'],
  ],
  ['a source that is only referred to, by nobody', [], source({ path: '.', ref: 'values', refOnly: true })],
];

test.each(rows.map(([name, ...row]) => [name, row] as const))('what goes back of %s', (_name, row) => {
  const [expected, one, generatePaths] = row;
  expect(writtenPaths(one, [one], generatePaths)).toEqual(expected);
});

describe('of a source that others refer to', () => {
  const charts = [
    source({ chart: 'web', path: '.', ...helm('$values/web/prod.yaml', '$value/x.yaml', 'own.yaml') }),
    source({ path: 'charts/api', ...helm('$values//api/prod.yaml', '$values/../x.yaml') }),
  ];

  test('only the files that are taken from it go back', () => {
    const values = source({ path: '.', ref: 'values', refOnly: true });
    expect(writtenPaths(values, [...charts, values])).toEqual(['web/prod.yaml', 'api/prod.yaml']);
  });

  test('and that has a path itself, both do', () => {
    const values = source({ path: 'web', ref: 'values' });
    expect(writtenPaths(values, [...charts, values])).toEqual(['web', 'api/prod.yaml']);
  });
});

test.each([
  [['a', 'a'], ['a']],
  [
    ['a/b', 'a', 'ab'],
    ['a', 'ab'],
  ],
  [['a/b', '.', 'c'], ['.']],
  [[], []],
])('of the paths %j none lies inside another: %j', (paths, expected) => {
  expect(outermost(paths)).toEqual(expected);
});
