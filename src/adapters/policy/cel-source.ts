/** One rule as the thread needs it. */
export interface CelQuestion {
  readonly expression: string;
  readonly messageExpression?: string;
  /** Indices of the objects that it is asked about; undefined: once, about all. */
  readonly objects?: readonly number[];
}

/** What the thread is given. */
export interface CelTask {
  readonly module: string;
  /** One number: the index of the rule that it is at. */
  readonly at: SharedArrayBuffer;
  readonly rules: readonly CelQuestion[];
  readonly objects: readonly unknown[];
  readonly context: Readonly<Record<string, unknown>>;
}

/** What it says, by the index of the rule; `object` is an index too. */
export interface CelReply {
  readonly violations: readonly {
    readonly rule: number;
    readonly object?: number;
    readonly message?: string;
  }[];
  readonly flaws: readonly { readonly rule: number; readonly object?: number; readonly message: string }[];
}

/**
 * The thread in which CEL runs, so that an expression that takes too long can be ended. Kept as text because a thread is started from
 * a file or from text, and the compiled program, the tests and the tools would each need another file. Whole numbers of JSON are
 * CEL's `int`, as Kubernetes takes them for fields of integers.
 */
export const celSource = `
const { parentPort, workerData } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');
const cel = (value) => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(cel);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cel(each)]));
};
const reasonOf = (error) => String(error?.message ?? error).split('\\n')[0].slice(0, 300);
import(pathToFileURL(workerData.module).href).then(({ Environment }) => {
  const { rules, context } = workerData;
  const at = new Int32Array(workerData.at);
  const objects = workerData.objects.map(cel);
  const shared = { ...cel(context), objects };
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 5000, maxDepth: 100, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 32 },
  });
  for (const name of [...Object.keys(shared), 'object']) environment.registerVariable(name, 'dyn');
  const compile = (expression, type) => {
    const compiled = environment.parse(expression);
    const checked = compiled.check();
    if (!checked.valid) throw checked.error;
    if (checked.type !== type && checked.type !== 'dyn') throw new Error('gives ' + checked.type + ', not ' + type);
    return compiled;
  };
  const violations = [];
  const flaws = [];
  rules.forEach((rule, index) => {
    Atomics.store(at, 0, index);
    let holds, words;
    try {
      holds = compile(rule.expression, 'bool');
      words = rule.messageExpression === undefined ? undefined : compile(rule.messageExpression, 'string');
    } catch (error) {
      flaws.push({ rule: index, message: 'cannot be compiled: ' + reasonOf(error) });
      return;
    }
    for (const object of rule.objects ?? [undefined]) {
      const about = object === undefined ? { rule: index } : { rule: index, object };
      const variables = object === undefined ? shared : { ...shared, object: objects[object] };
      try {
        const value = holds(variables);
        if (typeof value !== 'boolean') throw new Error('gives no truth value');
        if (value) continue;
      } catch (error) {
        flaws.push({ ...about, message: 'fails: ' + reasonOf(error) });
        return;
      }
      let message;
      try {
        message = words?.(variables);
      } catch {
        message = undefined;
      }
      violations.push(typeof message === 'string' && message.trim() !== '' ? { ...about, message } : about);
      if (violations.length > 1000) return;
    }
  });
  parentPort.postMessage({ violations, flaws });
});
`;
