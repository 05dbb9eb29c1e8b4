import { InvalidArgumentError, Option } from 'commander';
import { readDuration } from '../domain/duration';

/** Reads `5m`, `90s` or a number of seconds into milliseconds. */
export function durationArgument(text: string): number {
  const read = readDuration(text, 'duration');
  if (read.ok) return read.value;
  throw new InvalidArgumentError(read.problems[0]?.remedy ?? 'write for example 90s or 5m');
}

/** Reads a port number. */
export function portArgument(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('write a number from 1 to 65535');
}

/** `--timeout`, ten minutes unless told. */
export function timeoutOption(): Option {
  return new Option('--timeout <duration>', 'give up waiting after this long (exit code 3)')
    .default(600_000, '10m')
    .argParser(durationArgument);
}

/** `--payload-keys`. */
export function payloadKeysOption(): Option {
  return new Option(
    '--payload-keys <file>',
    'keys that payloads are encrypted with (default: the file that BELAY_PAYLOAD_KEYS_FILE names)',
  );
}

/** `-w`. */
export function watchOption(): Option {
  return new Option('-w, --watch', 'keep showing it until Ctrl-C');
}

/** `--reason`. */
export function reasonOption(): Option {
  return new Option('--reason <text>', 'why, for the history');
}

/** Collects an option that may be given several times. */
export function listOption(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Examples below a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}
