import { withoutSecrets } from '../../domain/redact';
import { formsOf } from '../../ports/known-secrets';
import { decoded } from './url';

/** A shorter "secret" would blank out half of the message and hide nothing worth hiding. */
const shortest = 4;
const harmlessHeaders = new Set([
  'accept',
  'content-type',
  'host',
  'user-agent',
  'x-amz-date',
  'x-amz-target',
]);

/** What one measurement knows and must not tell: passwords, tokens, values of headers, of query strings and of Secrets. */
export class Secrets {
  readonly #values = new Set<string>();

  add(...values: readonly (string | undefined)[]): void {
    for (const written of values) {
      if (written === undefined || written.length < shortest) continue;
      for (const form of formsOf(written)) if (form.length >= shortest) this.#values.add(form);
    }
  }

  /** The value of a header, and its words where they are long enough to be a token. */
  addHeader(name: string, value: string): void {
    if (harmlessHeaders.has(name.toLowerCase())) return;
    this.add(value, ...value.split(/[\s,;=:]+/).filter((word) => word.length >= 8));
  }

  /** The user, the password and the query string of a URL. */
  addUrl(url: URL): void {
    const { username, password, search, searchParams, hash } = url;
    this.add(username, decoded(username), password, decoded(password), search.slice(1), hash.slice(1));
    this.add(...searchParams.values());
  }

  /** The text with every known secret taken out, longest first, in one line. */
  hide(text: string): string {
    return withoutSecrets(text, this.#values)
      .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
      .trim();
  }
}
