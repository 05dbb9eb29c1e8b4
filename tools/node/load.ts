import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../local/command';
import { isRunning, startProcess } from '../local/processes';

/** One request of a load, as the one who sent it saw it. */
export interface Answer {
  /** When it was sent, in ms of the epoch. */
  readonly sentAt: number;
  readonly latencyMs: number;
  /** The HTTP status; 0 when there was no answer. */
  readonly code: number;
  /** Which version of the sample application answered; undefined when none did, but the gateway or nobody. */
  readonly version?: string;
  /** Why there was no answer. */
  readonly error: string;
}

export interface LoadOptions {
  /** Gets the targets and the results. */
  readonly dir: string;
  readonly vegeta: string;
  /** Of this machine only. */
  readonly url: string;
  /** The Host header, which chooses the route. */
  readonly host: string;
  /** Requests a second, whatever happens to those before. */
  readonly rate: number;
  /** It ends by itself after this many seconds. */
  readonly seconds: number;
}

export interface Load {
  /** Ends it if it still runs, waits for the answers that are still out, and gives all of them in the order in which they were sent. */
  stop(): Promise<readonly Answer[]>;
}

let sequence = 0;

/** Sends requests at a constant rate: an open model, so that a slow answer does not hold the next request back. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { dir, vegeta, url, host, rate, seconds } = options;
  if (new URL(url).hostname !== '127.0.0.1')
    throw new Error(`${url} is not on this machine; no load is sent elsewhere`);
  const name = `load-${sequence++}`;
  const file = (end: string): string => join(dir, 'load', `${name}.${end}`);
  await mkdir(join(dir, 'load'), { recursive: true });
  await writeFile(file('targets'), `GET ${url}/\nHost: ${host}\n`);
  const attack = await startProcess(dir, name, vegeta, [
    'attack',
    `-targets=${file('targets')}`,
    `-output=${file('results')}`,
    `-rate=${rate}/1s`,
    `-duration=${seconds}s`,
    '-timeout=10s',
  ]);
  return {
    async stop() {
      // It ends at an interrupt when all answers are in; at other signals it loses what is not written yet.
      if (await isRunning(attack)) process.kill(attack.pid, 'SIGINT');
      while (await isRunning(attack)) await sleep(20);
      const encoded = await runCommand(vegeta, ['encode', '-to=json', file('results')]);
      const answers = encoded.stdout.split('\n').filter(Boolean).map(readAnswer);
      return answers.sort((one, other) => one.sentAt - other.sentAt);
    },
  };
}

interface Result {
  readonly code: number;
  readonly timestamp: string;
  readonly latency: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, readonly string[]>> | null;
}

function readAnswer(line: string): Answer {
  const { code, timestamp, latency, error, headers } = JSON.parse(line) as Result;
  const version = headers?.['X-Version']?.[0];
  const seen = { sentAt: Date.parse(timestamp), latencyMs: latency / 1e6, code, error };
  return version === undefined ? seen : { ...seen, version };
}
