/** Task queues (DESIGN 3). Workflows run on `belay`; each kind of activity has a queue of its own. */
export const workflowQueue = 'belay';
/**
 * How long a worker may take for one workflow task. A worker that is killed in the middle of one is noticed only then; the server's
 * default is 10 s.
 */
export const workflowTaskTimeout = 5_000;
/** The only queue whose workers hold Git write credentials. */
export const gitQueue = 'belay-git';
/** Activities of one cluster: its workers need its credentials and nothing inbound. */
export function clusterQueue(cluster: string): string {
  return `belay-cluster-${cluster}`;
}
/** Long watchers, kept apart so that they never fill the slots of a rollback. */
export const observeQueue = 'belay-observe';
/** The long watcher of one cluster: only a worker of that cluster can do it. */
export function clusterObserveQueue(cluster: string): string {
  return `${observeQueue}-${cluster}`;
}
