import { recorded } from './workflow-histories';

/** One input as some workflow has written it into its history. */
export interface RecordedInput {
  readonly kind: 'activity' | 'workflow';
  /** Type of the activity or workflow. */
  readonly type: string;
  /** The first history that has it: `rollout/v1/promoted`. */
  readonly history: string;
  readonly json: string;
}

/** Every different input of activities, and of workflows that begin anew, in the recorded histories. */
export function recordedInputs(): readonly RecordedInput[] {
  const found = new Map<string, RecordedInput>();
  const note = (input: RecordedInput): void => {
    const key = `${input.kind} ${input.type} ${input.json}`;
    if (!found.has(key)) found.set(key, input);
  };
  for (const { name, history } of recorded())
    for (const event of history.events ?? []) {
      const {
        activityTaskScheduledEventAttributes: scheduled,
        workflowExecutionStartedEventAttributes: started,
      } = event;
      const json = textOf((scheduled ?? started)?.input?.payloads?.[0]?.data);
      if (json === undefined) continue;
      if (scheduled)
        note({ kind: 'activity', type: scheduled.activityType?.name ?? '', history: name, json });
      if (started) note({ kind: 'workflow', type: started.workflowType?.name ?? '', history: name, json });
    }
  return [...found.values()];
}

function textOf(data: Uint8Array | null | undefined): string | undefined {
  return data ? Buffer.from(data).toString('utf8') : undefined;
}
