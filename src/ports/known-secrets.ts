import { redact } from '../domain/redact';

/** A shorter value is likely to be a word that messages need, too: this list holds for all of them. */
const shortest = 8;
/** Tokens that are issued anew each hour push out those of last week. */
const mostForms = 4_000;

const known = new Set<string>();

/**
 * Remembers values of credentials that this process has read, so that no error and no line of its log tells them, in whatever form: as
 * they are, URL-encoded, in Base64. Values of less than eight characters are not kept.
 */
export function rememberSecrets(...values: readonly (string | undefined)[]): void {
  for (const value of values) {
    for (const form of value === undefined ? [] : formsOf(value)) {
      if (form.length < shortest) continue;
      // The newest last: the first ones go.
      known.delete(form);
      known.add(form);
    }
  }
  for (const form of known) {
    if (known.size <= mostForms) return;
    known.delete(form);
  }
}

/** The forms in which a value may turn up: trimmed, percent-encoded, as in a form, in Base64 of both alphabets. */
export function formsOf(written: string): readonly string[] {
  // Half of a surrogate pair has no percent-encoding.
  const value = written.toWellFormed();
  const trimmed = value.trim();
  const bytes = Buffer.from(trimmed);
  const forms = [
    written,
    value,
    trimmed,
    encodeURIComponent(value),
    new URLSearchParams({ '': value }).toString().slice(1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
  return [...new Set(forms)];
}

/** A text as it may leave the process: without the credentials that were read, and without what looks like one. */
export function safeText(text: string): string {
  return redact(text, [...known]);
}

/**
 * The error as it may leave the process: message, stack and those of its causes are made safe, in place, so that it stays of its class.
 * What is thrown and no error is given back as it is, but for texts.
 */
export function safeError(error: unknown, depth = 0): unknown {
  if (typeof error === 'string') return safeText(error);
  if (!(error instanceof Error) || depth > 8) return error;
  for (const key of ['message', 'stack'] as const) {
    const text = error[key];
    const safe = typeof text === 'string' ? safeText(text) : text;
    if (safe !== text) put(error, key, safe);
  }
  if (error.cause !== undefined) {
    const cause = safeError(error.cause, depth + 1);
    if (cause !== error.cause) put(error, 'cause', cause);
  }
  return error;
}

function put(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, configurable: true, writable: true });
}
