import { ago } from '../explain-time';
import type { DoctorFacts, QueueFacts } from './facts';
import type { Finding } from './report';

/**
 * A worker asks for work at least once a minute, as Temporal's long poll ends after 60 s. The server remembers who asked for five
 * minutes, even when the worker was shut down.
 */
const pollsWithinMs = 75_000;
/** Watchers give a sign of life every second or two. */
const heardWithinMs = 30_000;

/** True when some worker that may take new work of the queue is there. */
export function isServed(queue: QueueFacts, now: number): boolean {
  if (queue.isSilent === true) return false;
  if (queue.heardAt !== undefined && now - queue.heardAt < heardWithinMs) return true;
  return liveVersions(queue, now).has(queue.current ?? '');
}

/** Versions (`NAME:ID`, '' for none) whose workers ask the queue for work. */
export function liveVersions({ pollers }: QueueFacts, now: number): ReadonlySet<string> {
  const live = pollers.filter(({ at }) => now - at < pollsWithinMs);
  return new Set(live.map(({ version }) => version ?? ''));
}

/** Task queues that nobody serves, and what stands still with them. */
export function judgeQueues({ queues, now }: DoctorFacts): Finding[] {
  return queues
    .filter((queue) => !isServed(queue, now))
    .map((queue) => {
      const last = Math.max(...queue.pollers.map(({ at }) => at), queue.heardAt ?? 0);
      return {
        check: 'queues' as const,
        what: `no worker answers on task queue ${queue.queue}: ${standsStill(queue)}`,
        ...whyNot(queue, now),
        ...(last > 0 ? { since: last } : {}),
        affects: queue.applications,
      };
    });
}

function standsStill({ kind, cluster = '' }: QueueFacts): string {
  switch (kind) {
    case 'workflows':
      return 'nothing at all goes on';
    case 'git':
      return 'no revert or restore reaches Git';
    case 'observers':
      return 'nobody looks at repositories, so new commits are not seen';
    case 'cluster':
      return `nothing is deployed to, or taken back in, cluster ${cluster}`;
    case 'clusterObserver':
      return `drift and health of cluster ${cluster} are not seen`;
  }
}

function whyNot(queue: QueueFacts, now: number): Pick<Finding, 'why' | 'remedy'> {
  const others = [...liveVersions(queue, now)];
  const [other] = others;
  if (other !== undefined && !others.includes(queue.current ?? '')) return wrongVersion(queue, other);
  const last = queue.pollers.toSorted((a, b) => b.at - a.at)[0];
  const remedy = start(queue);
  if (last === undefined)
    return { why: 'no worker has asked for its work within the last five minutes', remedy };
  const asked = `worker ${last.identity} asked last ${ago(last.at, now)}`;
  const why = queue.isSilent === true ? `nobody answers a question; ${asked}` : asked;
  return { why, remedy: `${remedy}; if it runs, read its log` };
}

function wrongVersion({ current }: QueueFacts, other: string): Pick<Finding, 'why' | 'remedy'> {
  const there = other === '' ? 'without a version' : `of version ${other}`;
  const wanted = current === undefined ? 'workers without a version' : `version ${current}`;
  const [name = '', id = ''] = other.split(':', 2);
  return {
    why: `new work goes to ${wanted}, and only workers ${there} are there`,
    remedy:
      other === ''
        ? `start workers of ${wanted}: \`belay worker --deployment … --build-id …\``
        : `make it current: \`temporal worker deployment set-current-version --deployment-name ${name} --build-id ${id}\``,
  };
}

function start({ kind, cluster }: QueueFacts): string {
  return kind === 'cluster' || kind === 'clusterObserver'
    ? `start a worker that serves the cluster: \`belay worker --context ${cluster ?? 'NAME'}\``
    : 'start a worker: `belay worker`';
}
