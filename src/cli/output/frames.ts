import type { Output } from '../context';
import { widthOf } from './table';

/** Shows one frame after the other. */
export interface FramePrinter {
  show(lines: readonly string[]): void;
  close(): void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearToEndOfLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** Draws each frame over the one before, in one write so that nothing flickers. */
export function screenPrinter(output: Output): FramePrinter {
  let height = 0;
  return {
    show(lines) {
      const fitting = fit(lines, output);
      const up = height > 0 ? `\u001b[${height}A` : hideCursor;
      output.write(`${up}\r${fitting.map((line) => `${line}${clearToEndOfLine}\n`).join('')}${clearBelow}`);
      height = fitting.length;
    },
    // Ctrl-C leaves `^C` where the shell's prompt comes.
    close: () => void output.write(`\r${clearToEndOfLine}${showCursor}`),
  };
}

/** Prints the lines that the frame before did not have. */
export function linePrinter(output: Output): FramePrinter {
  let before: ReadonlySet<string> = new Set();
  return {
    show(lines) {
      const fresh = lines.filter((line) => line !== '' && !before.has(line));
      if (fresh.length > 0) output.write(`${fresh.join('\n')}\n`);
      before = new Set(lines);
    },
    close: () => undefined,
  };
}

/** A line that wraps or a frame taller than the screen would break the way back up. */
function fit(lines: readonly string[], { columns = 80, rows = 24 }: Output): string[] {
  const room = Math.max(1, rows - 1);
  const shown =
    lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`];
  return shown.map((line) => cut(line, columns));
}

function cut(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let kept = '';
  let width = 0;
  for (const [part] of line.matchAll(/\u001b\[\d+m|./gsu)) {
    if (part.startsWith('\u001b')) kept += part;
    else if (width < columns - 1) {
      kept += part;
      width += 1;
    }
  }
  return `${kept}…`;
}
