import { revertMessage } from '../../../src/domain/write-back/revert-message';
import { now } from '../../support/view-application';

const reverted = {
  application: 'shop',
  paths: ['k8s/shop'],
  workload: 'web',
  bad: 'b'.repeat(40),
  good: 'a'.repeat(40),
  failure: {
    code: 'ImagePull',
    sentence: 'Pod web-canary-1: the image web:v9 does not exist. Push it, or mend the tag.',
    at: now,
  },
  isAbort: false,
};

describe('the commit message of a revert', () => {
  it('says what failed, what it changes, and how to deploy the revision again', () => {
    const { subject, body } = revertMessage(reverted);
    expect(subject).toBe('Revert shop to aaaaaaaaaaaa: ImagePull');
    expect(body).toBe(`The rollout of web at revision bbbbbbbbbbbb failed: Pod web-canary-1:
the image web:v9 does not exist. Push it, or mend the tag.

Users' traffic went back to the good version first; this commit brings
k8s/shop back to its content at aaaaaaaaaaaa. Nothing outside that path
is changed.

To deploy the failed revision again:

    belay retry shop

or push a fix on top of this commit.`);
  });

  it('says who aborted', () => {
    const failure = { code: 'Aborted', sentence: 'aborted by ada (too slow)', at: now };
    const { subject, body } = revertMessage({ ...reverted, failure, isAbort: true });
    expect(subject).toBe('Revert shop to aaaaaaaaaaaa: aborted');
    expect(body).toContain('web at revision bbbbbbbbbbbb was aborted: aborted by ada\n(too slow).\n');
  });

  it('has no line that is too long for a terminal, but for a word that is', () => {
    const url = `https://images.example/${'x'.repeat(100)}`;
    const failure = { code: 'ImagePull', sentence: `${'many words '.repeat(30)}${url}`, at: now };
    const { subject, body } = revertMessage({ ...reverted, application: 's'.repeat(50), failure });
    expect(subject.length).toBeLessThanOrEqual(72);
    const long = body.split('\n').filter((line) => line.length > 72);
    expect(long).toEqual([`${url}.`]);
  });
});
