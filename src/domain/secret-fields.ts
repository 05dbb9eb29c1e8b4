import { fromBase64 } from './expr/utf8';
import { nameOf, refOf, type KubeObject } from './kube-object';
import type { Problem, ProblemCode } from './problem';
import { fieldOf, mapOf } from './read-json';

/** The texts of a Secret while they are read. What is wrong is reported by field; a value is never repeated. */
export class SecretFields {
  readonly problems: Problem[] = [];
  readonly #object: string;
  readonly #values = new Map<string, string>();

  constructor(secret: KubeObject) {
    this.#object = nameOf(refOf(secret));
    for (const [key, encoded] of Object.entries(mapOf(fieldOf(secret, 'data')))) {
      const value = typeof encoded === 'string' ? secretText(encoded) : undefined;
      if (value === undefined)
        this.report('InvalidSpec', `data.${key}`, ['is no text in Base64', 'encode it again']);
      else this.#values.set(key, value);
    }
    // Only Secrets that are written by hand have `stringData`; it wins.
    for (const [key, value] of Object.entries(mapOf(fieldOf(secret, 'stringData')))) {
      if (typeof value === 'string') this.#values.set(key, value);
      else this.report('InvalidSpec', `stringData.${key}`, ['is no text', 'write it in quotes']);
    }
  }

  /** Fields that are there, also empty ones. */
  get keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Undefined when absent or empty. */
  text(key: string): string | undefined {
    return (this.#values.get(key) ?? '') || undefined;
  }

  /** A flag as Go's ParseBool reads it; false when absent, or wrong and reported. */
  flag(key: string): boolean {
    const value = this.text(key)?.trim();
    if (value === undefined || /^(?:0|f|false)$/i.test(value)) return false;
    if (/^(?:1|t|true)$/i.test(value)) return true;
    this.report('InvalidSpec', `data.${key}`, ['is neither true nor false', 'write "true" or "false"']);
    return false;
  }

  report(code: ProblemCode, field: string, [message, remedy]: readonly [string, string]): void {
    this.problems.push({ code, object: this.#object, field, message, remedy });
  }

  /** Whether anything was found that makes the Secret unusable; an unknown field does not. */
  get isUsable(): boolean {
    return this.problems.every(({ code }) => code === 'UnknownField');
  }
}

/** The text that a value of a Secret's `data` is; undefined when it is no Base64, or no UTF-8. */
export function secretText(encoded: string): string | undefined {
  try {
    return fromBase64(encoded);
  } catch {
    return undefined;
  }
}
