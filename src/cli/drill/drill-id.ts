import { randomBytes } from 'node:crypto';

/** A new name of a drill: part of image tags and object names, so lower case. */
export function newDrillId(): string {
  return randomBytes(4).toString('hex');
}
