import type { ApplicationSpec } from '../../../src/domain/application-spec';
import { proposalFor } from '../../../src/domain/write-back/proposal';
import { application } from '../../support/view-application';

const bad = 'b'.repeat(40);
const restore = { bad, branch: 'refs/heads/main', paths: ['k8s'] };
const text = { subject: 'Revert shop', body: 'what failed' };
const headOf = (more: Partial<typeof restore> = {}, spec: Partial<ApplicationSpec> = {}) =>
  proposalFor(application({ writeBack: 'pull-request', ...spec }), { ...restore, ...more }, text)?.head;

const others = { otherCommits: 'pull-request' } as const;

test.each([
  ['revert', {}, undefined],
  ['revert', others, 'if-others'],
  ['pull-request', {}, 'always'],
  ['pull-request', others, 'always'],
  ['pull-request-if-protected', {}, 'if-refused'],
  ['pull-request-if-protected', others, 'if-refused'],
  ['hold', {}, undefined],
  ['hold', others, undefined],
  ['off', {}, undefined],
] as const)('with the policy %s and %j a pull request is for: %s', (writeBack, writeBackOptions, when) => {
  expect(proposalFor(application({ writeBack, writeBackOptions }), restore, text)?.when).toBe(when);
});

test('it says what the commit says, with the labels and reviewers of the application', () => {
  const writeBackOptions = { labels: ['rollback'], reviewers: ['ada'], autoMerge: true };
  const spec = application({ writeBack: 'pull-request', writeBackOptions });
  expect(proposalFor(spec, restore, text)).toEqual({
    ...{ when: 'always', title: 'Revert shop', body: 'what failed', ...writeBackOptions },
    head: expect.stringMatching(/^belay\/revert\/shop-b{12}-[0-9a-z]{1,7}$/) as string,
  });
});

describe('the branch of a pull request', () => {
  test('is the same for the same failure, whatever it goes back to', () => {
    expect(headOf()).toBe(headOf());
  });

  test.each([
    ['another bad revision', headOf({ bad: 'c'.repeat(40) })],
    ['another application', headOf({}, { name: 'other' })],
    ['another branch of the repository', headOf({ branch: 'refs/heads/next' })],
    [
      'other paths of the repository, as of an application of that name elsewhere',
      headOf({ paths: ['prod'] }),
    ],
  ])('is another one for %s', (_name, head) => {
    expect(head).not.toBe(headOf());
  });
});
