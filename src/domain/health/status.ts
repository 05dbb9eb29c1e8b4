import type { HealthWord } from '../application-status';

/** How one object is, with the reason in its own words where it gives one. */
export interface Health {
  readonly status: HealthWord;
  readonly message?: string;
}

/** Builds a health; an empty message is none. */
export function health(status: HealthWord, message?: string): Health {
  return message === undefined || message === '' ? { status } : { status, message };
}
