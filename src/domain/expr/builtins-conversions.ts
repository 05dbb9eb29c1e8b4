import { asText, type Builtin } from './builtin-args';
import { ExprError } from './expr-error';
import { format } from './format';
import { fromJson, toJson } from './json';
import { parseFloating, parseInteger, truncate } from './numbers';
import { fromBase64, toBase64 } from './utf8';
import { describeType, isNumeric, Span } from './values';

export const conversionBuiltins: Readonly<Record<string, Builtin>> = {
  type: ([value]) => describeType(value),
  string: ([value], run) => format(value, run.text),
  int: ([value]) => {
    if (typeof value === 'string') return parseInteger(value);
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number') return truncate(value);
    if (value instanceof Span) return value.nanos;
    throw new ExprError(`${describeType(value)} is no int`);
  },
  float: ([value]) => {
    if (typeof value === 'string') return parseFloating(value);
    if (isNumeric(value)) return Number(value);
    throw new ExprError(`${describeType(value)} is no float`);
  },
  toJSON: ([value], run) => toJson(value, run.text),
  fromJSON: ([text], run) => {
    run.text(asText(text).length);
    return fromJson(asText(text));
  },
  toBase64: ([text], run) => {
    run.text(asText(text).length * 2);
    return toBase64(asText(text));
  },
  fromBase64: ([text], run) => {
    run.text(asText(text).length * 2);
    return fromBase64(asText(text));
  },
};
