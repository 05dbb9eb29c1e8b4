import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** `histories/<workflow>/<version>/<case>.json.gz`: what running workflows of released versions have behind them. */
const root = join(__dirname, '..', 'histories');

/** The version whose histories are recorded; raised by a release that changes a workflow behind `patched`. */
const version = 'v1';

const { History } = temporal.api.history.v1;

/** Not by the SDK's `historyToJSON`, which fails where npm has installed protobufjs more than once. */
const inJson = { longs: String, enums: String, bytes: String };

/** `npm run record` writes the history of this case; an ordinary test run does nothing here. */
export async function record(
  name: string,
  handle: Pick<WorkflowHandle, 'fetchHistory' | 'workflowId'>,
): Promise<void> {
  if (process.env['RECORD_HISTORIES'] === undefined) return;
  const history = await handle.fetchHistory();
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (started === undefined || started === null) throw new Error(`${handle.workflowId} has no history`);
  started.workflowId = handle.workflowId; // workflows use it; the time-skipping server leaves it out
  const folder = join(root, started.workflowType?.name ?? '', version);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(withoutMachine(History.toObject(History.fromObject(history), inJson)));
  writeFileSync(join(folder, `${name}.json.gz`), gzipSync(text, { level: 9 }));
}

export interface Recorded {
  /** `rollout/v1/promoted`. */
  readonly name: string;
  readonly workflowId: string;
  readonly history: temporal.api.history.v1.IHistory;
}

/** All recorded histories. */
export function recorded(): readonly Recorded[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json.gz'))
    .sort()
    .map((file) => {
      const json: unknown = JSON.parse(gunzipSync(readFileSync(join(root, file))).toString());
      const history = History.fromObject(json as object);
      const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      return {
        name: file.replace(/\.json\.gz$/, ''),
        workflowId: started?.workflowId ?? '',
        history,
      };
    });
}

/** Names of this machine and its directories do not matter to a replay. */
function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'stackTrace')
      .map(([key, each]) => [key, key === 'identity' ? 'test' : withoutMachine(each)]),
  );
}
