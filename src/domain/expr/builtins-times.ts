import { asText, type Builtin } from './builtin-args';
import { ExprError } from './expr-error';
import { parseDate, parseDuration } from './times';
import { Instant } from './values';

export const timeBuiltins: Readonly<Record<string, Builtin>> = {
  now: (_, run) => {
    if (run.now === undefined)
      throw new ExprError('now() is not available here: the answer would change by itself');
    return new Instant(BigInt(Math.trunc(run.now)) * 1_000_000n);
  },
  duration: ([text]) => parseDuration(asText(text)),
  date: ([text, ...layout]) => {
    if (layout.length > 0) throw new ExprError('date() with a layout or a time zone is not supported');
    return parseDate(asText(text));
  },
  timezone: () => {
    throw new ExprError('timezone() is not supported');
  },
};
