import type { Command } from 'commander';
import type { CliContext } from './context';
import { failureText } from './output/error-text';

/** Makes a command and all below it throw instead of exit, and say bad usage as `error: …` and `try: …`. */
export function sayUsageErrors(command: Command, cli: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void cli.stdout.write(text),
    writeErr: (text) => void cli.stderr.write(text),
    getOutHelpWidth: () => cli.stdout.columns ?? 100,
    getErrHelpWidth: () => cli.stderr.columns ?? 100,
    outputError: (text, write) => write(usageText(text, pathOf(command))),
  });
  for (const child of command.commands) sayUsageErrors(child, cli);
}

/** Commander's message with its suggestion as something to type. */
export function usageText(text: string, path: string): string {
  const [, message = text, close] =
    /^(?:error: )?(.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?\s*$/s.exec(text) ?? [];
  const option = close?.startsWith('-') === true;
  const remedy = close === undefined ? `${path} --help` : option ? `${path} … ${close}` : `${path} ${close}`;
  return failureText(message.trim(), remedy);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
