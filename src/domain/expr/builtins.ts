import { arrayBuiltins } from './builtins-arrays';
import type { Builtin } from './builtin-args';
import { conversionBuiltins } from './builtins-conversions';
import { mapBuiltins } from './builtins-maps';
import { numberBuiltins } from './builtins-numbers';
import { textBuiltins } from './builtins-texts';
import { timeBuiltins } from './builtins-times';

/** Builtins without a closure, by name. */
export const builtins: Readonly<Record<string, Builtin>> = {
  ...arrayBuiltins,
  ...conversionBuiltins,
  ...mapBuiltins,
  ...numberBuiltins,
  ...textBuiltins,
  ...timeBuiltins,
};
