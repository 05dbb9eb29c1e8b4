import { hostname, userInfo } from 'node:os';

/** `user@host` of this process: a claim of who asks. */
export function thisPerson(): string {
  return `${nameOfUser()}@${hostname()}`;
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
