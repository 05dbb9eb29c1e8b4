import { asArray, asEntries, type Builtin } from './builtin-args';
import { ExprError } from './expr-error';
import { getOrNil } from './fetch';
import { checkKey, elements, GoMap, isSequence } from './values';

/** Keys come in the order of the map here; expr-lang gives them in none. */
export const mapBuiltins: Readonly<Record<string, Builtin>> = {
  get: ([from, key]) => getOrNil(from, key),
  keys: ([map]) => asEntries(map).map(([key]) => key),
  values: ([map]) => asEntries(map).map(([, value]) => value),
  toPairs: ([map]) => asEntries(map),
  fromPairs: ([pairs]) => {
    const map = new GoMap('any');
    for (const pair of elements(asArray(pairs))) {
      if (!isSequence(pair) || pair.length !== 2) throw new ExprError('a pair is an array of key and value');
      map.entries.set(checkKey(pair[0]), pair[1]);
    }
    return map;
  },
};
