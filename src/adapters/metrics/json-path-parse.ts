import { wrong } from './failure';

/** One step of a path, each applied to every value that the step before it found. */
export type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step: number }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'union'; readonly steps: readonly Step[] }
  | { readonly kind: 'filter'; readonly left: Operand; readonly compare?: Comparison };

export type Operand = { readonly path: readonly Step[] } | { readonly literal: string | number | boolean };
export interface Comparison {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly right: Operand;
}

const name = /[^\s.[\](){}'",|:;*?@$=!<>\\/]+/y;
const quoted = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const number = /-?\d{1,9}(?:\.\d{1,9})?/y;
const slice = /(-?\d{1,9})?\s*:\s*(-?\d{1,9})?(?:\s*:\s*(\d{1,9}))?/y;
const operator = /==|!=|<=|>=|<|>/y;

/**
 * Reads Kubernetes' JSONPath (https://kubernetes.io/docs/reference/kubectl/jsonpath/) as far as a metric needs it: one pair of braces
 * with fields, indices, slices, unions, wildcards, `..` and filters of one comparison. Whatever else it allows is refused.
 */
export function parseJsonPath(source: string): readonly Step[] {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(source)?.[1];
  if (inside === undefined) throw refused(source, `it stands in braces, as in {$.data.value}`);
  const parser = new Parser(source, inside.trim());
  return parser.whole();
}

class Parser {
  #at = 0;

  constructor(
    readonly source: string,
    readonly text: string,
  ) {}

  whole(): readonly Step[] {
    const steps = this.path();
    if (this.#at < this.text.length) this.refuse();
    return steps;
  }

  path(): readonly Step[] {
    this.#skip(/[$@]/y);
    const steps: Step[] = [];
    for (;;) {
      if (this.#skip(/\.\./y)) steps.push({ kind: 'descend' }, ...(this.#sees('[') ? [] : [this.#field()]));
      else if (this.#skip(/\./y)) {
        // `{.}` is the whole value, and `.[0]` is `[0]`.
        if (this.#at < this.text.length && !this.#sees('[')) steps.push(this.#field());
      } else if (this.#skip(/\[\s*/y)) steps.push(this.#bracket());
      else return steps;
    }
  }

  refuse(): never {
    const rest = this.text.slice(this.#at, this.#at + 20);
    throw refused(this.source, rest === '' ? 'it ends too early' : `"${rest}" is not understood`);
  }

  #field(): Step {
    if (this.#skip(/\*/y)) return { kind: 'all' };
    let text = '';
    for (;;) {
      const part = this.#take(/\\(.)/y)?.[1] ?? this.#take(name)?.[0];
      if (part === undefined) break;
      text += part;
    }
    return text === '' ? this.refuse() : { kind: 'field', name: text };
  }

  #bracket(): Step {
    const steps = [this.#selector()];
    while (this.#skip(/\s*,\s*/y)) steps.push(this.#selector());
    if (!this.#skip(/\s*\]/y)) this.refuse();
    return steps.length === 1 && steps[0] !== undefined ? steps[0] : { kind: 'union', steps };
  }

  #selector(): Step {
    if (this.#skip(/\*/y)) return { kind: 'all' };
    if (this.#skip(/\?\(\s*/y)) return this.#filter();
    const text = this.#quoted();
    if (text !== undefined) return { kind: 'field', name: text };
    const range = this.#take(slice);
    if (range !== undefined) {
      const [start, end, step] = [range[1], range[2], range[3]].map((each) => each && Number(each));
      if (step === 0) this.refuse();
      const bounds = { ...(isNumber(start) && { start }), ...(isNumber(end) && { end }) };
      return { kind: 'slice', ...bounds, step: isNumber(step) ? step : 1 };
    }
    const index = this.#take(/-?\d{1,9}/y)?.[0];
    return index === undefined ? this.refuse() : { kind: 'index', index: Number(index) };
  }

  #filter(): Step {
    const left = this.#operand();
    const found = this.#take(/\s*/y) && this.#take(operator)?.[0];
    const compare = found && {
      compare: { operator: found as Comparison['operator'], right: (this.#skip(/\s*/y), this.#operand()) },
    };
    if (!this.#skip(/\s*\)/y)) this.refuse();
    return { kind: 'filter', left, ...compare };
  }

  #operand(): Operand {
    if (this.#sees('@') || this.#sees('.')) return { path: this.path() };
    const word = this.#take(/(?:true|false)\b/y)?.[0];
    if (word !== undefined) return { literal: word === 'true' };
    const literal = this.#quoted() ?? this.#take(number)?.[0];
    if (literal === undefined) return this.refuse();
    return { literal: /['"]/.test(this.text[this.#at - 1] ?? '') ? literal : Number(literal) };
  }

  #quoted(): string | undefined {
    const found = this.#take(quoted);
    return found === undefined ? undefined : (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1');
  }

  #sees(text: string): boolean {
    return this.text.startsWith(text, this.#at);
  }

  #skip(pattern: RegExp): boolean {
    return this.#take(pattern) !== undefined;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at += found[0].length;
    return found ?? undefined;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function refused(source: string, why: string): Error {
  return wrong(`jsonPath ${source.slice(0, 200)} cannot be used: ${why}`);
}
