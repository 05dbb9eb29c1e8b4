import type { HealthWord } from '../application-status';
import { cut } from '../read-json';
import { badness, worstHealth } from './health-of';
import type { Health } from './status';

/** An object that counts, and how it is. */
export interface Judged {
  /** `Deployment shop/web`. */
  readonly object: string;
  readonly health: Health;
}

/** How an application's live objects are together. */
export interface HealthSummary {
  readonly health: HealthWord;
  /** The worst of those that are not Healthy, worst first and then by name, at most 5. */
  readonly objects: readonly {
    readonly object: string;
    readonly status: HealthWord;
    readonly message?: string;
  }[];
}

const mostObjects = 5;
const longestMessage = 300;

/**
 * The health of an application from those of its live objects: the worst of them (Argo CD, controller/health.go), Healthy when there is
 * none. Objects that are in Git and not live are not known here: Missing is the application's own finding. Messages are cut at 300
 * characters, because they travel through histories.
 */
export function summarise(judged: readonly Judged[]): HealthSummary {
  const worst = judged
    .filter(({ health }) => health.status !== 'Healthy')
    .sort((a, b) => badness(b.health.status) - badness(a.health.status) || (a.object < b.object ? -1 : 1));
  return {
    health: worstHealth(judged.map(({ health }) => health)),
    objects: worst.slice(0, mostObjects).map(({ object, health: { status, message } }) => ({
      object,
      status,
      ...(message === undefined ? {} : { message: cut(message, longestMessage) }),
    })),
  };
}
