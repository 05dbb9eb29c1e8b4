import { ago } from '../../domain/explain-time';
import type { CliContext } from '../context';
import { styleFor, type Style } from './style';

/** How times and emphasis are shown. */
export interface View {
  readonly style: Style;
  readonly now: number;
  /** A point in time for a reader: `3 min ago`, or the clock where lines are kept (a watch that is no terminal). */
  readonly when: (at: number) => string;
}

/** The view for one showing. */
export function viewOf(cli: CliContext): View {
  const now = cli.now();
  return { style: styleFor(cli), now, when: (at) => ago(at, now) };
}

/** The view for lines that are printed as they change: times that do not change with them. */
function logView(cli: CliContext): View {
  return { ...viewOf(cli), when: clock };
}

/** `2026-11-23T14:02:11Z`. */
export function clock(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The view for a watch: drawn over on a terminal, kept as lines elsewhere. */
export function liveView(cli: CliContext): View {
  return cli.stdout.isTTY === true ? viewOf(cli) : logView(cli);
}
