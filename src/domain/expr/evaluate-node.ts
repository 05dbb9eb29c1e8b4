import type { CallNode, ConditionalNode, MapNode, MemberNode, Node, SliceNode } from './ast';
import { negate } from './arithmetic';
import { isClosureBuiltin } from './builtin-names';
import { builtins } from './builtins';
import { fetch, slice, wholeLength } from './fetch';
import { overElements } from './evaluate-closures';
import { evaluateBinary } from './evaluate-binary';
import type { Evaluation } from './evaluation';
import { ExprError } from './expr-error';
import { HostFunction } from './host-function';
import { describeType, isNil, setOwn } from './values';

/** What `?.` gives inside its chain when it meets nil: the chain as a whole is nil. */
const skipped = Symbol('skipped');

/** Value of a node. Throws ExprError. */
export function evaluateNode(node: Node, run: Evaluation): unknown {
  switch (node.kind) {
    case 'nil':
      return undefined;
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
    case 'constant':
      return node.value;
    case 'name':
      return valueOfName(node.name, run);
    case 'pointer':
      return valueOfPointer(node.name, run);
    case 'unary':
      return evaluateUnary(node.operator, run.evaluate(node.node));
    case 'binary':
      return evaluateBinary(node, run);
    case 'chain':
      return evaluateChain(run.evaluate(node.node));
    case 'member':
      return evaluateMember(node, run);
    case 'slice':
      return evaluateSlice(node, run);
    case 'call':
      return evaluateCall(node, run);
    case 'builtin':
      if (isClosureBuiltin(node.name)) return overElements(node, run);
      return builtins[node.name]?.(
        node.args.map((arg) => run.evaluate(arg)),
        run,
      );
    case 'closure':
      return run.evaluate(node.node);
    case 'let':
      run.variables.set(node.name, run.evaluate(node.value));
      return run.evaluate(node.body);
    case 'sequence':
      return node.nodes.map((each) => run.evaluate(each)).at(-1);
    case 'conditional':
      return evaluateConditional(node, run);
    case 'array':
      return evaluateArray(node.nodes, run);
    case 'map':
      return evaluateMap(node, run);
  }
}

function valueOfName(name: string, run: Evaluation): unknown {
  if (run.variables.has(name)) return run.variables.get(name);
  return name === '$env' ? Object.fromEntries(run.environment) : run.environment.get(name);
}

function valueOfPointer(name: string, run: Evaluation): unknown {
  const scope = run.scopes.at(-1);
  if (name === 'index') return BigInt(scope?.index ?? 0);
  if (name === 'acc') return scope?.accumulated;
  return scope?.element;
}

function evaluateUnary(operator: string, value: unknown): unknown {
  if (operator === '-') return negate(value);
  if (operator === '+') return value;
  if (typeof value !== 'boolean') throw new ExprError(`${describeType(value)} is not a bool`);
  return !value;
}

function evaluateChain(value: unknown): unknown {
  return value === skipped || isNil(value) ? undefined : value;
}

function evaluateMember(node: MemberNode, run: Evaluation): unknown {
  const base = run.evaluate(node.node);
  if (base === skipped || (node.optional && isNil(base))) return skipped;
  return fetch(base, run.evaluate(node.property));
}

function evaluateSlice(node: SliceNode, run: Evaluation): unknown {
  const base = run.evaluate(node.node);
  const to = node.to === undefined ? wholeLength : run.evaluate(node.to);
  const from = node.from === undefined ? 0n : run.evaluate(node.from);
  return slice(base, from, to);
}

function evaluateCall(node: CallNode, run: Evaluation): unknown {
  const args = node.args.map((arg) => run.evaluate(arg));
  const callee = run.evaluate(node.callee);
  if (callee === skipped) return skipped;
  if (callee instanceof HostFunction && callee.params.length === args.length) return callee.call(args);
  throw new ExprError(`${describeType(callee)} cannot be called so`);
}

function evaluateConditional(node: ConditionalNode, run: Evaluation): unknown {
  const test = run.evaluate(node.test);
  if (typeof test !== 'boolean') throw new ExprError(`condition is ${describeType(test)}, not bool`);
  return run.evaluate(test ? node.yes : node.no);
}

function evaluateArray(nodes: readonly Node[], run: Evaluation): unknown[] {
  const array = nodes.map((each) => run.evaluate(each));
  run.budget.grow(array.length);
  return array;
}

/** Of two entries with one key the first stays: the original fills its map from the last to the first. */
function evaluateMap(node: MapNode, run: Evaluation): Record<string, unknown> {
  const values = node.nodes.map((each) => run.evaluate(each));
  run.budget.grow(values.length / 2);
  const record: Record<string, unknown> = {};
  for (let index = values.length - 2; index >= 0; index -= 2) {
    const key = values[index];
    if (typeof key !== 'string') throw new ExprError(`${describeType(key)} cannot be a map key`);
    setOwn(record, key, values[index + 1]);
  }
  return record;
}
