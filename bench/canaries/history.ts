/** What the bench reads of an event of a workflow's history, as the client has it. */
export interface HistoryEvent {
  readonly eventId?: { toString(): string } | null;
  readonly eventTime?: {
    readonly seconds?: { toString(): string } | null;
    readonly nanos?: number | null;
  } | null;
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType?: { readonly name?: string | null } | null;
  } | null;
  readonly activityTaskStartedEventAttributes?: object | null;
  readonly activityTaskCompletedEventAttributes?: {
    readonly scheduledEventId?: { toString(): string } | null;
  } | null;
  readonly workflowTaskCompletedEventAttributes?: object | null;
}

export type RolloutHistory = readonly HistoryEvent[];

/** Epoch milliseconds at which activities of this type were completed, in order. */
export function completions(history: RolloutHistory, activity: string): readonly number[] {
  const scheduled = new Set(
    history
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity)
      .map((event) => String(event.eventId)),
  );
  return history
    .filter((event) => scheduled.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)))
    .map(timeOf);
}

/** Epoch milliseconds at which the first activity started that started after this moment; undefined when none did. */
export function firstStartAfter(history: RolloutHistory, moment: number): number | undefined {
  const starts = history
    .filter((event) => (event.activityTaskStartedEventAttributes ?? undefined) !== undefined)
    .map(timeOf)
    .filter((at) => at >= moment);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** What a history is made of. */
export function sizeOf(history: RolloutHistory): {
  readonly events: number;
  readonly activities: number;
  readonly tasks: number;
} {
  const count = (
    key: 'activityTaskScheduledEventAttributes' | 'workflowTaskCompletedEventAttributes',
  ): number => history.filter((event) => (event[key] ?? undefined) !== undefined).length;
  return {
    events: history.length,
    activities: count('activityTaskScheduledEventAttributes'),
    tasks: count('workflowTaskCompletedEventAttributes'),
  };
}

function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds?.toString() ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
}
