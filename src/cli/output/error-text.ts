import { ClientError } from '../../client/client-error';
import { redact } from '../../domain/redact';
import { exitCodes } from '../exit-codes';
import { UsageError } from '../usage-error';

/** A failure as two lines for the standard error: what, and what to do. */
export function errorText(error: unknown, env: NodeJS.ProcessEnv): string {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof ClientError || error instanceof UsageError ? error.remedy : undefined;
  const trace = (env.BELAY_DEBUG ?? '') !== '' && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  return redact(failureText(message, remedy) + trace);
}

/** `error: …` and, below it, `try: …`. */
export function failureText(message: string, remedy?: string): string {
  return `error: ${message}\n${remedy === undefined ? '' : `  try: ${remedy}\n`}`;
}

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  return error instanceof ClientError && error.code === 'TimedOut' ? exitCodes.timedOut : exitCodes.failed;
}
