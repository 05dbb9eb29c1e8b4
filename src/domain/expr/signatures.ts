import {
  anyMapType,
  anyType,
  arrayType,
  durationType,
  floatsType,
  floatType,
  intsType,
  intType,
  isAssignable,
  isInteger,
  isNumber,
  isUnknown,
  locationType,
  stringsType,
  stringType,
  timeType,
  typeName,
  type Type,
} from './types';

interface Overload {
  readonly params: readonly Type[];
  readonly result: Type;
}

const overload = (result: Type, ...params: readonly Type[]): Overload => ({ params, result });
const s = stringType;
const texts = [overload(s, s, s), overload(s, s)];
const splits = [overload(stringsType, s, s), overload(stringsType, s, s, intType)];
const bits = [overload(intType, intType, intType)];
const arrays = [arrayType, intsType, floatsType, stringsType];

const overloads: Readonly<Record<string, readonly Overload[]>> = {
  type: [overload(s, anyType)],
  string: [overload(s, anyType)],
  trim: texts,
  trimPrefix: texts,
  trimSuffix: texts,
  upper: [overload(s, s)],
  lower: [overload(s, s)],
  split: splits,
  splitAfter: splits,
  replace: [overload(s, s, s, s, intType), overload(s, s, s, s)],
  repeat: [overload(s, s, intType)],
  join: [stringsType, arrayType].flatMap((array) => [overload(s, array, s), overload(s, array)]),
  indexOf: [overload(intType, s, s)],
  lastIndexOf: [overload(intType, s, s)],
  hasPrefix: [overload({ kind: 'bool' }, s, s)],
  hasSuffix: [overload({ kind: 'bool' }, s, s)],
  toJSON: [overload(s, anyType)],
  fromJSON: [overload(anyType, s)],
  toBase64: [overload(s, s)],
  fromBase64: [overload(s, s)],
  duration: [overload(durationType, s)],
  timezone: [overload(locationType, s)],
  sort: arrays.flatMap((array) => [overload(arrayType, array, s), overload(arrayType, array)]),
  bitand: bits,
  bitor: bits,
  bitxor: bits,
  bitnand: bits,
  bitshl: bits,
  bitshr: bits,
  bitushr: bits,
  bitnot: [overload(intType, intType)],
};

/** Result by the types of the arguments, which are as many as `counts` says; undefined when they do not fit. */
interface Rule {
  readonly counts: readonly [min: number, max: number];
  readonly result: (args: readonly Type[]) => Type | undefined;
}

const isArray = (type: Type | undefined): boolean => type?.kind === 'array';
const isOpen = (type: Type | undefined): boolean => type !== undefined && isUnknown(type);
const isMapLike = (type: Type | undefined): boolean => type?.kind === 'map' || isOpen(type);
const isArrayLike = (type: Type | undefined): boolean => isArray(type) || isOpen(type);
const isNumberLike = (type: Type | undefined): boolean =>
  isOpen(type) || (type !== undefined && isNumber(type));

const one = (result: (arg: Type) => Type | undefined): Rule => ({
  counts: [1, 1],
  result: ([arg]) => (arg === undefined ? undefined : result(arg)),
});
/** A duration is of an int's kind to Go, so that the checker lets it pass where the builtin may then refuse it. */
const isNumberOrDuration = (type: Type | undefined): boolean =>
  isNumberLike(type) || type?.kind === 'duration';
const rounding = one((arg) => (isNumberOrDuration(arg) ? floatType : undefined));
const parsing = (result: Type): Rule =>
  one((arg) => (isNumberOrDuration(arg) || arg.kind === 'string' ? result : undefined));
const fromMap = (result: Type): Rule => one((arg) => (isMapLike(arg) ? result : undefined));
const fromArray = (result: Type): Rule => one((arg) => (isArrayLike(arg) ? result : undefined));
const end = one((arg) => (isOpen(arg) ? anyType : arg.kind === 'array' ? sliceElement(arg) : undefined));
const aggregate: Rule = {
  counts: [1, Infinity],
  result: (args) => {
    // The first argument that is no number decides: an array or something unknown makes the rest unseen.
    const other = args.find((arg) => !isNumber(arg) && arg.kind !== 'duration');
    if (other === undefined) return args[0];
    return isArrayLike(other) ? anyType : undefined;
  },
};

/** What Go's own types tell: what the checker knew of the elements is lost. */
function asGoType(type: Type | undefined): Type {
  return type?.kind === 'array' ? { ...type, elem: sliceElement(type) } : anyType;
}

function sliceElement(array: Extract<Type, { kind: 'array' }>): Type {
  return { kind: array.slice };
}

const rules: Readonly<Record<string, Rule>> = {
  len: one((arg) => (isArrayLike(arg) || ['map', 'string'].includes(arg.kind) ? intType : undefined)),
  abs: one((arg) => (isNumberOrDuration(arg) ? (isOpen(arg) ? anyType : arg) : undefined)),
  ceil: rounding,
  floor: rounding,
  round: rounding,
  int: parsing(intType),
  float: parsing(floatType),
  max: aggregate,
  min: aggregate,
  mean: aggregate,
  median: aggregate,
  now: { counts: [0, 0], result: () => timeType },
  date: { counts: [1, 3], result: () => timeType },
  first: end,
  last: end,
  take: {
    counts: [2, 2],
    result: ([from, count]) =>
      isArrayLike(from) && count !== undefined && (isOpen(count) || isInteger(count))
        ? asGoType(from)
        : undefined,
  },
  keys: fromMap(arrayType),
  values: fromMap(arrayType),
  toPairs: fromMap(arrayType),
  fromPairs: fromArray(anyMapType),
  reverse: fromArray(arrayType),
  uniq: fromArray(arrayType),
  flatten: fromArray(arrayType),
  concat: { counts: [1, Infinity], result: (args) => (args.every(isArrayLike) ? arrayType : undefined) },
};

/** Type a builtin gives for arguments of these types, or why it takes none such. */
export function resultOf(name: string, args: readonly Type[]): Type | string {
  const rule = rules[name];
  const found = args.map(typeName).join(', ');
  if (rule !== undefined) {
    const [min, max] = rule.counts;
    if (args.length < min || args.length > max) return `takes not ${args.length} arguments`;
    return rule.result(args) ?? `does not take (${found})`;
  }
  const fits = overloads[name]?.find(
    ({ params }) => params.length === args.length && args.every((arg, index) => accepts(params[index], arg)),
  );
  return fits?.result ?? `does not take (${found})`;
}

function accepts(param: Type | undefined, arg: Type): boolean {
  if (param === undefined) return false;
  if (arg.kind === 'nil') return param.kind === 'any';
  return isUnknown(arg) || (isInteger(arg) && isInteger(param)) || isAssignable(arg, param);
}
