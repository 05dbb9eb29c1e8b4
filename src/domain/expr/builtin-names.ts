/** Builtins whose second argument is evaluated for each element. */
const closures = new Set(
  `all none any one filter map count sum find findIndex findLast findLastIndex groupBy sortBy reduce`.split(
    ' ',
  ),
);

const plain = new Set(
  `len type abs ceil floor round int float string trim trimPrefix trimSuffix upper lower split splitAfter replace repeat join
  indexOf lastIndexOf hasPrefix hasSuffix max min mean median toJSON fromJSON toBase64 fromBase64 now duration date timezone
  first last get take keys values toPairs fromPairs reverse uniq concat flatten sort
  bitand bitor bitxor bitnand bitshl bitshr bitushr bitnot`.split(/\s+/),
);

export const isClosureBuiltin = (name: string): boolean => closures.has(name);
export const isBuiltin = (name: string): boolean => closures.has(name) || plain.has(name);
