import type { CliContext } from '../context';

/** Emphasis that a terminal can show; plain text elsewhere. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly busy: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string) => text;
const code = (start: number, end: number) => (text: string) => `\u001b[${start}m${text}\u001b[${end}m`;

/** No emphasis. */
export const plainStyle: Style = { good: same, bad: same, busy: same, bold: same, dim: same };

const colourStyle: Style = {
  good: code(32, 39),
  bad: code(31, 39),
  busy: code(33, 39),
  bold: code(1, 22),
  dim: code(2, 22),
};

/** Colours on a terminal, unless NO_COLOR (no-color.org) or TERM=dumb says no. */
export function styleFor({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): Style {
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return stdout.isTTY === true && !refused ? colourStyle : plainStyle;
}
