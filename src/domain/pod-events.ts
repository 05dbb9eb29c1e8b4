import type { KubeObject } from './kube-object';
import { peekNumber, peekText } from './peek';

/** A `v1` Event, reduced to what the judgement reads. */
export interface EventView {
  readonly reason: string;
  readonly message: string;
  /** Epoch milliseconds of its latest occurrence; 0 if it carries no time. */
  readonly at: number;
  readonly count: number;
}

/** The events about `object`, the oldest first. A uid on both sides decides, else kind, namespace and name. */
export function eventsAbout(events: readonly KubeObject[], object: KubeObject): readonly EventView[] {
  return events
    .filter((event) => isAbout(event, object))
    .map(viewOf)
    .sort((a, b) => a.at - b.at);
}

function isAbout(event: KubeObject, object: KubeObject): boolean {
  if (peekText(event, 'involvedObject', 'kind') !== object.kind) return false;
  const uid = peekText(event, 'involvedObject', 'uid');
  if (uid !== undefined && object.metadata.uid !== undefined) return uid === object.metadata.uid;
  const namespace = peekText(event, 'involvedObject', 'namespace') ?? object.metadata.namespace;
  return (
    peekText(event, 'involvedObject', 'name') === object.metadata.name &&
    namespace === object.metadata.namespace
  );
}

/** One event of any object as the judgement reads it. */
export function viewOf(event: KubeObject): EventView {
  const times = [
    peekText(event, 'series', 'lastObservedTime'),
    peekText(event, 'lastTimestamp'),
    peekText(event, 'eventTime'),
    peekText(event, 'firstTimestamp'),
    event.metadata.creationTimestamp,
  ];
  const known = times
    .flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
    .filter((at) => at > 0);
  return {
    reason: peekText(event, 'reason') ?? '',
    message: peekText(event, 'message') ?? '',
    at: Math.max(0, ...known),
    count: Math.max(peekNumber(event, 'series', 'count') ?? 1, peekNumber(event, 'count') ?? 1),
  };
}

/** The latest event for which `test` holds, with a time after which it does not count any more. */
export function latest(
  events: readonly EventView[],
  test: (event: EventView) => boolean,
  after = -1,
): EventView | undefined {
  return events.findLast((event) => test(event) && event.at > after);
}

/** What a failed probe said, without the output of commands, which may print anything. */
export function probeFailure(
  events: readonly EventView[],
  probe: 'Readiness' | 'Liveness' | 'Startup',
): string | undefined {
  const event = latest(events, ({ reason, message }) => reason === 'Unhealthy' && message.startsWith(probe));
  if (event === undefined) return undefined;
  const [head = '', said = ''] = event.message.split(/: (.*)/s);
  const isFromKubelet =
    /^(HTTP probe failed|Get "|dial tcp|command (timed out|".*" timed out)|timeout:|service unhealthy)/.test(
      said,
    );
  return isFromKubelet ? event.message : head;
}
