import type { ApplicationSpec } from '../../../src/domain/application-spec';
import type { ApplicationState, HistoryEntry } from '../../../src/domain/application-state';
import { planUndo } from '../../../src/domain/write-back/plan-undo';
import { application, deployed, now, state } from '../../support/view-application';

const id = (letter: string): string => letter.repeat(40);
const past = (number: number, letter: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id: number, revision: id(letter), tree: id(letter), at: now, result: 'promoted', message: '' },
  versions: {},
  ...more,
});
const good = (letter: string) => ({ revision: id(letter), tree: id(letter), at: now });
const hold = { code: 'WriteBackHold', reason: 'by policy', remedy: 'push a fix', since: now } as const;

/** `c` runs, after `b` and `a`. */
const calm = state({
  branch: 'refs/heads/main',
  head: id('c'),
  good: good('c'),
  history: [past(3, 'c'), past(2, 'b'), past(1, 'a')],
});
/** `d` has failed on top of `c`, and Git is still there. */
const failed: ApplicationState = {
  ...calm,
  head: id('d'),
  history: [past(4, 'd', { result: 'failed' }), ...calm.history],
};
/** Git is back from `d`, at the content of `c`. */
const reverted: ApplicationState = {
  ...failed,
  head: id('e'),
  good: { ...good('c'), revision: id('e') },
  history: [past(5, 'e', { tree: id('c'), result: 'reverted' }), ...failed.history],
};

interface Expected {
  readonly id?: number;
  readonly to: string;
  readonly from?: string;
}

type Row = readonly [name: string, expected: Expected, state: ApplicationState, asked?: string];

const rows: readonly Row[] = [
  ['the one before', { id: 2, to: 'b' }, calm],
  ['the one before what a revert has brought back', { id: 2, to: 'b', from: 'e' }, reverted],
  [
    'the one that an undo has left',
    { id: 3, to: 'c', from: 'f' },
    {
      ...calm,
      head: id('f'),
      good: { ...good('b'), revision: id('f') },
      history: [past(4, 'f', { tree: id('b'), result: 'synced' }), ...calm.history],
    },
  ],
  ['the good one where Git is held at a failed one', { id: 3, to: 'c', from: 'd' }, { ...failed, hold }],
  [
    'the good one while a failure waits to be confirmed',
    { id: 3, to: 'c', from: 'd' },
    { ...failed, unconfirmedFailure: { revision: id('d'), at: now, until: now + 60_000 } },
  ],
  [
    'a good one that changed nothing and is no entry',
    { to: '1', from: 'd' },
    { ...failed, hold, good: { ...good('c'), revision: id('1') } },
  ],
  [
    'the one before where it is held, but Git is good',
    { id: 2, to: 'b' },
    { ...calm, hold: { ...hold, code: 'GoodFailsToo' } },
  ],
  ['the one before where newer commits only wait', { id: 2, to: 'b', from: 'd' }, { ...calm, head: id('d') }],
  [
    'one whose tree is the same and whose versions are others: files of values outside the path',
    { id: 2, to: 'b' },
    {
      ...calm,
      workloads: { web: deployed('2') },
      history: [
        past(3, 'c', { versions: { web: '2' } }),
        past(2, 'b', { tree: id('c'), versions: { web: '1' } }),
      ],
    },
  ],
  ['the one that is asked for', { id: 1, to: 'a' }, calm, 'aaaa'],
  ['the one that is asked for, while held', { id: 1, to: 'a', from: 'd' }, { ...failed, hold }, id('a')],
  [
    'the newer of two entries of one revision',
    { id: 3, to: 'a', from: 'c' },
    { ...calm, history: [past(3, 'a'), past(2, 'b'), past(1, 'a')] },
    'aaaa',
  ],
];

test.each(rows.map(([name, ...row]) => [name, row] as const))('goes back to %s', (_name, row) => {
  const [{ to, from = 'c', ...entry }, known, asked] = row;
  expect(planUndo(application(), known, asked)).toEqual({
    kind: 'undo',
    target: { ...entry, revision: id(to), at: now },
    restores: [
      {
        ...{ repoUrl: 'https://git.example/shop', branch: 'refs/heads/main', paths: ['k8s'], sources: [0] },
        ...{ good: id(to), bad: id(from) },
      },
    ],
  });
});

const chart = { ...application().source, path: '.', chart: 'web', targetRevision: '1.*' };
const values = {
  ...application().source,
  ...{ repoUrl: 'https://git.example/values', path: 'values', targetRevision: 'main' },
};

test('brings back the values of a chart, whose own source is no branch', () => {
  const { branch: _branch, ...unbranched } = calm;
  const known: ApplicationState = {
    ...unbranched,
    head: '1.0.0',
    good: { ...good('c'), revision: '1.0.0', pins: ['y'] },
    pins: ['y'],
    pinBranches: ['refs/heads/main'],
    history: [2, 1].map((number) =>
      past(number, 'c', { revision: '1.0.0', pins: [number === 2 ? 'y' : 'x'] }),
    ),
  };
  expect(planUndo(application({ source: chart, otherSources: [values] }), known, undefined)).toMatchObject({
    kind: 'undo',
    target: { id: 1, pins: ['x'] },
    restores: [{ repoUrl: values.repoUrl, good: 'x', bad: 'y', sources: [1] }],
  });
});

type Refused = readonly [
  name: string,
  why: string,
  state: ApplicationState,
  asked?: string | undefined,
  spec?: Partial<ApplicationSpec>,
];

const refusals: readonly Refused[] = [
  ['without a history', 'there is no earlier good revision in the history of shop', { ...calm, history: [] }],
  [
    'of the first revision',
    'there is no earlier good revision in the history of shop',
    { ...calm, history: [past(1, 'c')] },
  ],
  [
    'to a revision that is not there',
    'revision 9999 is not in the history of shop, whose good ones are cccccccccccc, bbbbbbbbbbbb, aaaaaaaaaaaa',
    calm,
    '9999',
  ],
  [
    'to a revision that failed',
    'revision dddd was failed in the history of shop, whose good ones are eeeeeeeeeeee, cccccccccccc, bbbbbbbbbbbb, aaaaaaaaaaaa',
    reverted,
    'dddd',
  ],
  [
    'to a revision, without any good one',
    'revision 9999 is not in the history of shop, which has no good one yet',
    { ...calm, history: [past(1, 'd', { result: 'failed' })] },
    '9999',
  ],
  [
    'to one of many',
    'revision 9 is not in the history of shop, whose good ones are 111111111111, 222222222222, 333333333333, 444444444444, 555555555555 and 1 more',
    { ...calm, history: [1, 2, 3, 4, 5, 6].map((each) => past(each, String(each))) },
    '9',
  ],
  [
    'to what may be several',
    'a may be aaaaaaaaaaaa, abbbbbbbbbbb; write more of it',
    { ...calm, history: [past(2, 'a'), past(1, 'b', { revision: `a${'b'.repeat(39)}` })] },
    'a',
  ],
  ['to where Git is', 'Git is at cccccccccccc already', calm, 'cccc'],
  [
    'with write-back off',
    'write-back is off for shop, so Git is not written; revert in Git yourself',
    calm,
    undefined,
    { writeBack: 'off' },
  ],
  [
    'of a tag',
    'v2 of https://git.example/shop is not a branch, so Git cannot be written; point the application at what it shall run',
    { ...calm, branch: '' },
    undefined,
    { source: { ...application().source, targetRevision: 'v2' } },
  ],
  [
    'of a chart with another version',
    'the chart web of https://git.example/shop is not a branch, so Git cannot be written; point the application at what it shall run',
    calm,
    undefined,
    { source: chart },
  ],
  [
    'to before a source was added',
    'main of https://git.example/values was not there at that revision; point the application at what it shall run',
    { ...calm, pins: ['x'], pinBranches: ['refs/heads/main'] },
    undefined,
    { otherSources: [values] },
  ],
  [
    'before a source was looked at',
    'Git has not been looked at yet; ask again in a moment',
    calm,
    undefined,
    { otherSources: [values] },
  ],
];

test.each(refusals.map(([name, ...row]) => [name, row] as const))('is refused %s', (_name, row) => {
  const [why, known, asked, spec] = row;
  expect(planUndo(application(spec), known, asked)).toEqual({ kind: 'refused', why });
});
