import type { Answer } from '../../client/requests';
import type { CliContext } from '../context';
import { styleFor } from './style';

/** Writes what became of a request. */
export function printAnswer(cli: CliContext, { message, recorded }: Answer): void {
  const text = recorded ? styleFor(cli).busy(`⚠ ${message}`) : message;
  cli.stdout.write(`${text}\n`);
}
