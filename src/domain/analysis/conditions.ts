/* Stands in for src/domain/expr until it is there; only what the tests of this folder need. */
type Answer =
  { readonly ok: true; readonly value: boolean } | { readonly ok: false; readonly message: string };

export function evaluateCondition(source: string, result: unknown): Answer {
  const checked = Array.isArray(result)
    ? new Proxy(result, {
        get: (list: unknown[], key) => {
          if (typeof key === 'string' && /^\d+$/.test(key) && Number(key) >= list.length)
            throw new Error(`index out of range: ${key}`);
          return Reflect.get(list, key) as unknown;
        },
      })
    : result;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    const value: unknown = new Function(
      'result',
      'len',
      'asFloat',
      `if (${/>|</.test(source)} && result === null) throw new Error('nil'); return (${source})`,
    )(checked, (list: unknown[]) => list.length, Number);
    return typeof value === 'boolean'
      ? { ok: true, value }
      : { ok: false, message: `expected bool, but got ${typeof value}` };
  } catch (error: unknown) {
    return { ok: false, message: String(error) };
  }
}

export function syntaxError(source: string): string | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function(`return (${source})`);
    return undefined;
  } catch (error: unknown) {
    return String(error);
  }
}
