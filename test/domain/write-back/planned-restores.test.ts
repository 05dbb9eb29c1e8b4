import type { ApplicationSpec, SourceSpec } from '../../../src/domain/application-spec';
import { planRestores, revisionAt, withRevision } from '../../../src/domain/write-back/planned-restores';
import { application } from '../../support/view-application';

const shop = 'https://git.example/shop';
const source = (more: Partial<SourceSpec>): SourceSpec => ({
  ...{ repoUrl: shop, path: '.', targetRevision: 'main', recurse: false },
  ...more,
});
const main = 'refs/heads/main';
const values = source({ repoUrl: 'https://git.example/values', ref: 'values', refOnly: true });
const chart = source({
  ...{ repoUrl: 'https://charts.example', chart: 'web', targetRevision: '1.*' },
  helm: { valueFiles: ['$values/web/prod.yaml'] },
});
const web = source({ path: 'web' });
const api = source({ repoUrl: 'git@git.example:shop.git', path: 'api' });
const write = { repoUrl: shop, branch: main, good: 'g', bad: 'b' };

interface Row {
  readonly spec: Partial<ApplicationSpec>;
  readonly pins?: { readonly good: readonly string[]; readonly bad: readonly string[] };
  readonly revisions?: readonly [good: string, bad: string];
  readonly branches?: readonly string[];
  readonly restores?: readonly object[];
  readonly unwritable?: readonly object[];
}

const rows: readonly (readonly [string, Row])[] = [
  ['one source', { spec: {}, restores: [{ ...write, paths: ['k8s'], sources: [0] }] }],
  ['a source that has not changed', { spec: {}, revisions: ['g', 'g'], restores: [] }],
  [
    'paths that are shared',
    {
      spec: { generatePaths: ['base', 'k8s'] },
      restores: [{ ...write, paths: ['k8s', 'base'], sources: [0] }],
    },
  ],
  [
    'two sources of one repository, however it is spelled: one commit',
    {
      spec: { source: web, otherSources: [api] },
      pins: { good: ['g'], bad: ['b'] },
      branches: [main],
      restores: [{ ...write, paths: ['web', 'api'], sources: [0, 1] }],
    },
  ],
  [
    'two sources of one repository that were seen at different revisions: two commits',
    {
      spec: { source: web, otherSources: [api] },
      pins: { good: ['f'], bad: ['b'] },
      branches: [main],
      restores: [
        { ...write, paths: ['web'], sources: [0] },
        { ...write, repoUrl: api.repoUrl, good: 'f', paths: ['api'], sources: [1] },
      ],
    },
  ],
  [
    'two branches of one repository: a commit on each',
    {
      spec: { source: web, otherSources: [{ ...api, targetRevision: 'next' }] },
      pins: { good: ['g'], bad: ['b'] },
      branches: ['refs/heads/next'],
      restores: [
        { ...write, paths: ['web'], sources: [0] },
        { ...write, repoUrl: api.repoUrl, branch: 'refs/heads/next', paths: ['api'], sources: [1] },
      ],
    },
  ],
  [
    'a chart whose values have changed in Git: only their file goes back',
    {
      spec: { source: chart, otherSources: [values] },
      revisions: ['1.2.0', '1.2.0'],
      pins: { good: ['g'], bad: ['b'] },
      branches: [main],
      restores: [{ ...write, repoUrl: values.repoUrl, paths: ['web/prod.yaml'], sources: [1] }],
    },
  ],
  [
    'a chart with a new version, which is nobody’s commit',
    {
      spec: { source: chart, otherSources: [values] },
      revisions: ['1.2.0', '1.3.0'],
      pins: { good: ['g'], bad: ['b'] },
      branches: [main],
      restores: [{ ...write, repoUrl: values.repoUrl, paths: ['web/prod.yaml'], sources: [1] }],
      unwritable: [{ source: chart, primary: true, isNew: false }],
    },
  ],
  [
    'a tag that has moved',
    {
      spec: { source: web, otherSources: [{ ...api, targetRevision: 'v1' }] },
      pins: { good: ['g'], bad: ['b'] },
      branches: [''],
      restores: [{ ...write, paths: ['web'], sources: [0] }],
      unwritable: [{ source: { ...api, targetRevision: 'v1' }, primary: false, isNew: false }],
    },
  ],
  [
    'a tag that nothing is taken from any more',
    {
      spec: { source: web, otherSources: [{ ...values, targetRevision: 'v1' }] },
      pins: { good: ['g'], bad: ['b'] },
      branches: [''],
      restores: [{ ...write, paths: ['web'], sources: [0] }],
    },
  ],
  [
    'a source that was added since the good revision',
    {
      spec: { source: web, otherSources: [api] },
      pins: { good: [], bad: ['b'] },
      branches: [main],
      restores: [{ ...write, paths: ['web'], sources: [0] }],
      unwritable: [{ source: api, primary: false, isNew: true }],
    },
  ],
  [
    'paths of one source, which mean nothing in the repository of another',
    {
      spec: {
        source: web,
        otherSources: [{ ...api, repoUrl: values.repoUrl }],
        generatePaths: ['web', 'lib', 'api', 'other'],
        generatePathsBySource: [
          ['web', 'lib'],
          ['api', 'other'],
        ],
      },
      pins: { good: ['g'], bad: ['b'] },
      branches: [main],
      restores: [
        { ...write, paths: ['web', 'lib'], sources: [0] },
        { ...write, repoUrl: values.repoUrl, paths: ['api', 'other'], sources: [1] },
      ],
    },
  ],
];

test.each(rows)(
  'what goes back of %s',
  (_name, { spec, pins, revisions: [good, bad] = ['g', 'b'], branches, restores = [], unwritable = [] }) => {
    const state = { branch: main, ...(branches && { pinBranches: branches }) };
    const planned = planRestores(application(spec), state, {
      good: { revision: good, ...(pins && { pins: pins.good }) },
      bad: { revision: bad, ...(pins && { pins: pins.bad }) },
    });
    expect(planned).toEqual({ restores, unwritable });
  },
);

test('a branch that has not been seen cannot be written', () => {
  const { source: primary } = application();
  const planned = planRestores(application(), {}, { good: { revision: 'g' }, bad: { revision: 'b' } });
  expect(planned).toEqual({ restores: [], unwritable: [{ source: primary, primary: true, isNew: false }] });
});

test.each([
  [{ revision: 'a' }, 0, 'a'],
  [{ revision: 'a' }, 1, ''],
  [{ revision: 'a', pins: ['b', 'c'] }, 2, 'c'],
])('of %j source %i is at "%s"', (pinned, index, expected) => {
  expect(revisionAt(pinned, index)).toBe(expected);
});

test.each([
  [{ revision: 'a' }, [0], { revision: 'x' }],
  [{ revision: 'a', pins: ['b', 'c'] }, [1], { revision: 'a', pins: ['x', 'c'] }],
  [{ revision: 'a', pins: ['b', 'c'] }, [0, 2], { revision: 'x', pins: ['b', 'x'] }],
])('%j after a write of the sources %j is %j', (pinned, sources, expected) => {
  expect(withRevision(pinned, sources, 'x')).toEqual(expected);
});
