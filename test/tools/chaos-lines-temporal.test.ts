import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityMoment, TemporalLine } from '../../tools/chaos/lines';
import { openTemporalLine } from '../../tools/chaos/temporal-line';
import { startTemporal, type LocalTemporal } from '../../tools/local/temporal-server';
import { concurrentStories } from '../support/stories';
import { until } from '../support/until';

/** A worker behind a line of its own, on a workflow with one activity. */
interface Scene {
  readonly line: TemporalLine;
  /** `<moment> <activity> <attempt>` of every call of the adversary. */
  readonly seen: readonly string[];
  readonly result: Promise<string>;
  /** How often the activity was begun. */
  begun(): number;
  /** Ends the activity, each time it runs. */
  end(): void;
  /** The attempt that Temporal is at. */
  attempt(): Promise<number>;
}

const dir = mkdtempSync(join(tmpdir(), 'belay-lines-'));
let temporal: LocalTemporal;
let client: Client;
let workflowBundle: WorkflowBundle;
let scenes = 0;

async function play(
  strike: (moment: ActivityMoment, line: TemporalLine) => Promise<void> | void,
  story: (scene: Scene) => Promise<void>,
): Promise<void> {
  const line = await openTemporalLine(temporal.address);
  const taskQueue = `greetings-${++scenes}`;
  const seen: string[] = [];
  const workflowIds = new Set<string>();
  let begun = 0;
  let end = (): void => undefined;
  const mayEnd = new Promise<void>((resolve) => (end = resolve));
  line.onActivity((moment) => {
    workflowIds.add(moment.workflowId);
    seen.push(`${moment.moment} ${moment.activity} ${moment.attempt}`);
    return strike(moment, line);
  });
  const greet = async (name: string): Promise<string> => {
    begun += 1;
    await mayEnd;
    return `hello ${name}`;
  };
  const connection = await NativeConnection.connect({ address: line.address });
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities: { greet } });
  const options = { taskQueue, workflowId: taskQueue, args: ['Ada'] as [string] };
  await worker.runUntil(async () => {
    const handle = await client.workflow.start<(name: string) => Promise<string>>('greeting', options);
    const attempt = async (): Promise<number> =>
      (await handle.describe()).raw.pendingActivities?.[0]?.attempt ?? 0;
    await story({ line, seen, begun: () => begun, end, attempt, result: handle.result() });
  });
  await connection.close();
  await line.close();
  expect([...workflowIds]).toEqual([taskQueue]);
}

const nothing = (): void => undefined;
/** Does something at the first of such moments. */
function first(
  moment: ActivityMoment['moment'],
  act: (line: TemporalLine) => void,
): Parameters<typeof play>[0] {
  let isDone = false;
  return (given, line) => {
    if (isDone || given.moment !== moment) return;
    isDone = true;
    act(line);
  };
}

const stories = concurrentStories({
  'sees an activity before, in the middle as its worker touches something, and after': () =>
    play(nothing, async ({ line, seen, begun, end, result }) => {
      await until('it runs', () => begun() === 1);
      line.touched();
      line.touched();
      end();
      await expect(result).resolves.toBe('hello Ada');
      expect(seen).toEqual(['before greet 1', 'middle greet 1', 'after greet 1']);
    }),

  'takes half of the usual time for the middle of what touches nothing': () =>
    play(nothing, async ({ seen, end, result }) => {
      await until('it is in its middle', () => seen.includes('middle greet 1'));
      end();
      await result;
      expect(seen).toEqual(['before greet 1', 'middle greet 1', 'after greet 1']);
    }),

  'survives strikes that fail and that take long': () =>
    play(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        throw new Error('the adversary is broken');
      },
      async ({ line, seen, begun, end, result }) => {
        await until('it runs', () => begun() === 1);
        line.touched();
        end();
        await expect(result).resolves.toBe('hello Ada');
        expect(seen).toEqual(['before greet 1', 'middle greet 1', 'after greet 1']);
      },
    ),

  'keeps a task from its worker when it is cut before': () =>
    play(
      first('before', (line) => line.cut()),
      async ({ line, seen, begun, end, attempt, result }) => {
        end();
        await until('Temporal tries again', async () => (await attempt()) === 2);
        expect(begun()).toBe(0);
        line.mend();
        await expect(result).resolves.toBe('hello Ada');
        expect(begun()).toBe(1);
        expect(seen.filter((each) => !each.startsWith('middle'))).toEqual([
          'before greet 1',
          'before greet 2',
          'after greet 2',
        ]);
      },
    ),

  'keeps an answer from Temporal when it is cut after, and the activity runs again': () =>
    play(
      first('after', (line) => line.cut()),
      async ({ line, seen, begun, end, attempt, result }) => {
        end();
        await until('Temporal tries again', async () => (await attempt()) === 2);
        line.mend();
        await expect(result).resolves.toBe('hello Ada');
        expect(begun()).toBe(2);
        expect(seen.filter((each) => !each.startsWith('middle'))).toEqual([
          'before greet 1',
          'after greet 1',
          'before greet 2',
          'after greet 2',
        ]);
      },
    ),

  'passes on what other clients ask, errors included, unless it is cut': async () => {
    const line = await openTemporalLine(temporal.address);
    const connection = await Connection.connect({ address: line.address });
    const through = new Client({ connection });
    const look = (): Promise<unknown> => through.workflow.getHandle('nobody').describe();
    await expect(look()).rejects.toThrow(WorkflowNotFoundError);
    line.cut();
    await expect(connection.withDeadline(Date.now() + 1_000, look)).rejects.not.toThrow(
      WorkflowNotFoundError,
    );
    line.mend();
    await until('it passes on again', () =>
      look().catch((error: unknown) => error instanceof WorkflowNotFoundError),
    );
    await connection.close();
    await line.close();
  },
});

describe('a line to Temporal', () => {
  beforeAll(async () => {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    const workflowsPath = require.resolve('./chaos-lines-workflow');
    [temporal, workflowBundle] = await Promise.all([
      startTemporal({ dir, dbFile: null }),
      bundleWorkflowCode({ workflowsPath, logger }),
    ]);
    client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    stories.begin();
  });
  afterAll(async () => {
    await client.connection.close();
    await temporal.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  stories.defineTests(60_000);
});
