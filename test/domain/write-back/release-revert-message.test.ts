import { releaseRevertMessage } from '../../../src/domain/write-back/release-revert-message';

const reverted = {
  release: 'shop',
  members: ['cart', 'checkout', 'frontend'],
  failed: 'frontend',
  sentence: 'Pod frontend-canary-1: the image frontend:v9 does not exist. Push it, or mend the tag.',
  isAbort: false,
};

describe('the commit message of a revert for a whole release', () => {
  it('says which member failed, who goes back, and how to release it again', () => {
    const { subject, body } = releaseRevertMessage(reverted);
    expect(subject).toBe('Revert release shop (3 members): frontend failed');
    expect(body).toBe(`The release shop failed with its member frontend: Pod frontend-canary-1:
the image frontend:v9 does not exist. Push it, or mend the tag.

Users' traffic of all members went back to the good versions first; this
commit brings the paths of cart, checkout, frontend back to what each
had before the release. Nothing outside these paths is changed.

To release it again:

    belay release retry shop

or push a fix on top of this commit.`);
  });

  it.each([
    ['by a person', { failed: undefined }],
    ['while a member had failed', { failed: 'cart' }],
  ])('says that it was aborted %s', (_, { failed }) => {
    const aborted = { ...reverted, failed, isAbort: true, sentence: 'aborted by ada (too slow)' };
    const { subject, body } = releaseRevertMessage(aborted);
    expect(subject).toBe('Revert release shop (3 members): aborted');
    expect(body).toMatch(/^The release shop was aborted: aborted by ada \(too slow\)\.\n/);
  });

  it('names the first twenty of many members, and how many more there are', () => {
    const members = Array.from({ length: 100 }, (_, index) => `service-${index}`);
    const { subject, body } = releaseRevertMessage({ ...reverted, members });
    expect(subject).toBe('Revert release shop (100 members): frontend failed');
    expect(body.replaceAll('\n', ' ')).toContain('service-18, service-19, 80 more back to what');
    expect(body).not.toContain('service-20');
  });

  it('counts one member as one', () => {
    expect(releaseRevertMessage({ ...reverted, members: ['cart'] }).subject).toContain('(1 member)');
  });

  it('has no line that is too long for a terminal', () => {
    const long = releaseRevertMessage({ ...reverted, release: 'r'.repeat(60), failed: 'f'.repeat(60) });
    expect(long.subject).toHaveLength(72);
    expect(long.subject).toMatch(/…$/);
    expect(long.body.split('\n').filter((line) => line.length > 72)).toEqual([
      expect.stringContaining('belay release retry'),
    ]);
  });
});
