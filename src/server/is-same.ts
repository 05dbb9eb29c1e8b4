import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether what was shown is the secret, in a time that tells nothing of where they differ: digests have one length, whatever the texts have. */
export function isSame(shown: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown ?? ''), digest(expected)) && shown !== undefined;
}
