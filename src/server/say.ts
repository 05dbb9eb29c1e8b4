import { redact } from '../domain/redact';

/** What a person who runs a server is told. */
export function say(line: string): void {
  process.stderr.write(`${redact(line)}\n`);
}
