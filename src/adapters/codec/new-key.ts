import { randomBytes } from 'node:crypto';

/** A line for a key file with a new key, whose id begins with the day. */
export function newKeyLine(now: Date): string {
  return `${now.toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')} ${randomBytes(32).toString('base64')}`;
}
