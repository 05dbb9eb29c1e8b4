import { DefaultLogger, type LogLevel } from '@temporalio/worker';
import { inspect } from 'node:util';
import { safeText } from '../ports/known-secrets';

/** The logger of Temporal's SDK and of activities: one place where each line of the log is made safe. */
export function safeLogger(level: LogLevel): DefaultLogger {
  return new DefaultLogger(level, ({ level, timestampNanos, message, meta }) => {
    const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    const more = meta === undefined ? '' : ` ${inspect(meta, { breakLength: 120 })}`;
    process.stderr.write(safeText(`${time} [${level}] ${message}${more}\n`));
  });
}
