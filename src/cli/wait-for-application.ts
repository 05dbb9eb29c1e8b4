import type { BelayClient } from '../client/belay-client';
import type { ApplicationStatus } from '../domain/application-status';
import { judgeApplication, judgeRevision, type Verdict } from '../domain/explain-verdict';
import type { CliContext } from './context';
import { exitCodes } from './exit-codes';
import { printLines } from './output/print';
import { styleFor } from './output/style';
import { statusLine } from './views/status-line';

/** What is waited for: a healthy application, or the arrival of one revision. */
export interface Awaited {
  readonly name: string;
  readonly revision?: string;
  readonly timeoutMs: number;
}

/** Waits until an application is healthy or has failed, printing each change; the exit code. */
export async function waitForApplication(
  cli: CliContext,
  client: BelayClient,
  wanted: Awaited,
): Promise<number> {
  const style = styleFor(cli);
  let printed = '';
  const settled = (status: ApplicationStatus) => {
    const line = `${wanted.name}: ${statusLine(status, style)}`;
    if (line !== printed) printLines(cli, [line]);
    printed = line;
    return judge(status, wanted.revision) !== 'pending';
  };
  const status = await client.waitFor(wanted.name, settled, { timeoutMs: wanted.timeoutMs });
  return codeOf(judge(status, wanted.revision));
}

/** The verdict on an application, or on one revision of it. */
export function judge(status: ApplicationStatus, revision: string | undefined): Verdict {
  return revision === undefined ? judgeApplication(status) : judgeRevision(status, revision);
}

/** The exit code of a verdict; what is still on its way has not failed. */
export function codeOf(verdict: Verdict): number {
  return verdict === 'failed' ? exitCodes.failed : exitCodes.done;
}
