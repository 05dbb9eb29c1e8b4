import { safeText } from '../ports/known-secrets';

/** What a person who runs a worker is told, whatever its log level. */
export function say(line: string): void {
  process.stderr.write(`${safeText(line)}\n`);
}
