import { applicationWith, flaws } from './application-flaws';
import { valueOf } from './read-yaml';

const git = 'repoURL: https://git.example/shop.git';
const values = '{ repoURL: https://git.example/env.git, targetRevision: prod, ref: values }';
const chart = '{ repoURL: https://charts.example/, chart: nginx, targetRevision: ^1.2 }';

test('the source with a path in Git is the one that is written back, the rest keep their order', () => {
  const { source, otherSources } = valueOf(
    applicationWith(`sources: [${values}, ${chart}, { ${git}, path: a }, { ${git}, path: b, ref: own }]`),
  );
  const shop = { repoUrl: 'https://git.example/shop.git', targetRevision: 'HEAD', recurse: false };
  expect(source).toEqual({ ...shop, path: 'a' });
  expect(otherSources).toEqual([
    {
      repoUrl: 'https://git.example/env.git',
      path: '.',
      targetRevision: 'prod',
      recurse: false,
      ref: 'values',
      refOnly: true,
    },
    { repoUrl: 'https://charts.example', path: '.', targetRevision: '^1.2', recurse: false, chart: 'nginx' },
    { ...shop, path: 'b', ref: 'own' },
  ]);
});

test('without one with a path in Git it is the first', () => {
  const read = valueOf(applicationWith(`sources: [${chart}, ${values}]`));
  expect([read.source, ...(read.otherSources ?? [])].map(({ repoUrl }) => repoUrl)).toEqual([
    'https://charts.example',
    'https://git.example/env.git',
  ]);
});

test.each([
  ['one entry', `sources: [{ ${git}, path: a }]`],
  ['an empty list beside a source', `sources: []\nsource: { ${git}, path: a }`],
  ['an empty source beside a list', `source: {}\nsources: [{ ${git}, path: a }]`],
  [
    'a source with a ref to itself',
    `source: { ${git}, path: a, ref: own, helm: { valueFiles: [$own/b.yaml] } }`,
  ],
])('%s is one source', (_name, spec) => {
  const { source, otherSources } = valueOf(applicationWith(spec));
  expect(source).toMatchObject({ repoUrl: 'https://git.example/shop.git', path: 'a' });
  expect(source.refOnly).toBeUndefined();
  expect(otherSources).toBeUndefined();
});

test('the root of a repository is a path where it is written', () => {
  const { source } = valueOf(applicationWith(`sources: [{ ${git}, path: ., ref: own }]`));
  expect(source).toMatchObject({ path: '.', ref: 'own' });
  expect(source.refOnly).toBeUndefined();
});

const bad: readonly (readonly [string, ...string[]])[] = [
  [
    `source: { ${git}, path: a }\nsources: [{ ${git}, path: b }]`,
    'InvalidSpec spec.sources: source and sources are both given; keep one of them (Argo CD takes sources)',
  ],
  ['sources: []', 'InvalidSpec spec.source: is missing; write source.repoURL and source.path'],
  [
    'sources: [shop]',
    'InvalidSpec spec.sources[0]: must be a map of fields, not a text; write its fields below it',
  ],
  [
    `sources: [{ path: a }, { ${git}, pth: b }]`,
    'InvalidSpec spec.sources[0].repoURL: is missing; write an https, ssh or file URL, git@host:path, or an absolute path',
    "InvalidSpec spec.sources[1]: names neither a path, a chart nor a ref; write one of them; path: . is the repository's root",
    'UnknownField spec.sources[1].pth: unknown field; did you mean "path"?',
  ],
  [
    `sources: [${values}, { ${git}, path: a }, { ${git}, path: b, ref: values }]`,
    'InvalidSpec spec.sources[2].ref: sources 0 and 2 have the same ref "values"; give each its own',
  ],
  [
    `sources: [{ ${git}, ref: my values }]`,
    'InvalidSpec spec.sources[0].ref: "my values" is no name of a source; use letters, digits, dashes and underscores',
  ],
  [
    `sources: [${values}]`,
    'InvalidSpec spec.sources: all sources are only referred to: nothing is delivered; give one of them a path, or add a source with a path or a chart',
  ],
  [
    `sources: [{ ${git}, path: a }, { ${git}, ref: values, helm: { skipCrds: true } }]`,
    'InvalidSpec spec.sources[1].helm: has no effect on a source that is only referred to; remove it, or write the path that the source delivers',
  ],
  [
    `sources: [{ repoURL: https://charts.example, chart: nginx, ref: c }]`,
    'Unsupported spec.sources[0].ref: a ref to a chart of a chart repository is not supported; put the value files into a Git repository, and give that source the ref',
  ],
  [
    `sources: [{ ${git}, path: a, plugin: {}, tagPrefix: v }]`,
    'Unsupported spec.sources[0].plugin: a config management plugin is not supported yet; commit the rendered manifests and point spec.source.path at them',
    'Unsupported spec.sources[0].tagPrefix: tagPrefix is not supported yet; name the branch, tag or commit itself in spec.source.targetRevision',
  ],
  [
    `source: { ${git}, path: a, kustomize: { namePrefix: a- }, helm: { skipCrds: true }, directory: { recurse: true } }`,
    'InvalidSpec spec.source.kustomize: helm and kustomize are both given; keep one of them',
    'InvalidSpec spec.source.directory: helm and directory are both given; keep one of them',
  ],
];

test.each(bad)('refuses %s', (spec, ...told) => {
  expect(flaws(applicationWith(spec))).toEqual(told);
});

describe('a chart of a chart repository', () => {
  const read = (rest: string) => applicationWith(`source: { chart: nginx, ${rest} }`);

  test.each([
    ['https://charts.example/stable/', 'https://charts.example/stable'],
    ['http://charts.example:8080', 'http://charts.example:8080'],
    ['oci://registry.example/team/charts', 'oci://registry.example/team/charts'],
    ['registry-1.docker.io/bitnamicharts', 'oci://registry-1.docker.io/bitnamicharts'],
    ['localhost:5000/charts', 'oci://localhost:5000/charts'],
  ])('is taken from %s', (written, repoUrl) => {
    expect(valueOf(read(`repoURL: '${written}'`)).source).toEqual({
      repoUrl,
      chart: 'nginx',
      path: '.',
      recurse: false,
      targetRevision: '*',
    });
  });

  test.each(['1.2.3', 'v1.2.3', '1.*', '>=1.2 <2', '1.2.3-rc.1', '~1.2 || ^2'])(
    'is taken at %s',
    (version) => {
      const { source } = valueOf(read(`repoURL: https://charts.example, targetRevision: '${version}'`));
      expect(source.targetRevision).toBe(version);
    },
  );

  const url = 'repoURL: https://charts.example';
  const forms = 'write https://… with an index.yaml, or oci://registry/path';
  const unsafe = 'take it out of Git, change it, and give the worker the credentials instead';
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['path: ""', `InvalidSpec spec.source.repoURL: is missing; ${forms}`],
    ['repoURL: charts', `InvalidSpec spec.source.repoURL: charts is no chart repository; ${forms}`],
    [
      'repoURL: ssh://charts.example/x',
      `InvalidSpec spec.source.repoURL: ssh://charts.example/x is no chart repository; ${forms}`,
    ],
    ['repoURL: /srv/charts', `InvalidSpec spec.source.repoURL: /srv/charts is no chart repository; ${forms}`],
    [
      'repoURL: https://me:hunter2@charts.example',
      `InvalidSpec spec.source.repoURL: the URL of a chart repository has credentials or a query in it; ${unsafe}`,
    ],
    [
      'repoURL: "https://charts.example?token=hunter2"',
      `InvalidSpec spec.source.repoURL: the URL of a chart repository has credentials or a query in it; ${unsafe}`,
    ],
    [
      `${url}, path: deploy`,
      'InvalidSpec spec.source.path: a chart of a chart repository has no path; remove path, or remove chart and name a Git repository',
    ],
    [
      `${url}, targetRevision: HEAD`,
      'InvalidSpec spec.source.targetRevision: "HEAD" is neither a version of a chart nor a range of versions; write one such as 1.2.3, 1.* or ^1.2; without targetRevision the newest is taken',
    ],
    [
      `${url}, targetRevision: 1.2`,
      'InvalidSpec spec.source.targetRevision: must be a text, not the number 1.2; write it in quotes: "1.2"',
    ],
    [
      `${url}, kustomize: { namePrefix: a- }`,
      'InvalidSpec spec.source.kustomize: has no effect on a chart of a chart repository; remove it: the chart is rendered by Helm',
    ],
    [
      `${url}, directory: { include: a }`,
      'InvalidSpec spec.source.directory: has no effect on a chart of a chart repository; remove it: the chart is rendered by Helm',
    ],
  ];

  test.each(rows)('is refused with %s', (rest, ...told) => {
    const result = read(rest);
    expect(flaws(result)).toEqual(told);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  test.each(['../nginx', 'a b', '/nginx', 'a//b'])('is refused with the name %s', (name) => {
    expect(flaws(applicationWith(`source: { ${url}, chart: '${name}' }`))).toEqual([
      `InvalidSpec spec.source.chart: "${name}" is no name of a chart; write its name in the repository, such as nginx`,
    ]);
  });
});

describe('a directory', () => {
  const read = (directory: string) => applicationWith(`source: { ${git}, path: a, directory: ${directory} }`);

  test.each([
    ['{ jsonnet: { tlas: [], extVars: null } }', false, undefined],
    ['{ recurse: true }', true, undefined],
    ['{ include: "*.yaml", exclude: "{a,b}/*" }', false, { include: '*.yaml', exclude: '{a,b}/*' }],
    ['{ include: "", exclude: "", disableExtensionFilter: false }', false, undefined],
  ])('is read with %s', (written, recurse, directory) => {
    const { source } = valueOf(read(written));
    expect([source.recurse, source.directory]).toEqual([recurse, directory]);
  });

  test.each([
    [
      '{ jsonnet: { libs: [vendor] } }',
      'Unsupported spec.source.directory.jsonnet: Jsonnet is not supported yet; commit the output of `jsonnet` and point spec.source.path at it',
    ],
    [
      '{ jsonnet: true }',
      'Unsupported spec.source.directory.jsonnet: Jsonnet is not supported yet; commit the output of `jsonnet` and point spec.source.path at it',
    ],
    [
      '{ disableExtensionFilter: true }',
      'Unsupported spec.source.directory.disableExtensionFilter: disableExtensionFilter is not supported yet; name the files .yaml, .yml or .json; include and exclude choose among them',
    ],
    [
      '{ include: [a] }',
      'InvalidSpec spec.source.directory.include: must be a text, not a list; write a text',
    ],
    ['{ includ: a }', 'UnknownField spec.source.directory.includ: unknown field; did you mean "include"?'],
  ])('is refused with %s', (written, told) => {
    expect(flaws(read(written))).toEqual([told]);
  });
});
