import { Option } from 'commander';
import type { CliContext } from '../context';
import { toJson, toYaml } from './data';

/** What `-o` takes. */
export type OutputFormat = 'wide' | 'text' | 'json' | 'yaml' | 'name';

/** One thing to show in every format. */
export interface Shown {
  readonly data: unknown;
  readonly names: readonly string[];
  readonly lines: (wide: boolean) => readonly string[];
}

/** `-o`, with the formats that make sense for a command. */
export function outputOption(formats: readonly OutputFormat[] = ['wide', 'json', 'yaml', 'name']): Option {
  return new Option('-o, --output <format>', 'another form of output').choices(formats);
}

/** A thing in the wanted format, as the lines of the standard output. */
export function linesOf(shown: Shown, format: OutputFormat | undefined): readonly string[] {
  switch (format) {
    case 'json':
      return toJson(shown.data).trimEnd().split('\n');
    case 'yaml':
      return toYaml(shown.data).trimEnd().split('\n');
    case 'name':
      return shown.names;
    case 'wide':
    case 'text':
    case undefined:
      return shown.lines(format === 'wide');
  }
}

/** Writes a thing in the wanted format. */
export function print(cli: CliContext, shown: Shown, format: OutputFormat | undefined): void {
  printLines(cli, linesOf(shown, format));
}

/** Writes lines. */
export function printLines(cli: CliContext, lines: readonly string[]): void {
  if (lines.length > 0) cli.stdout.write(`${lines.join('\n')}\n`);
}
