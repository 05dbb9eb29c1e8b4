import type { Reading } from './spec';
import { fillMap, nothingMet, type Lookup } from './substitute';

/** Fills the values of secret arguments into a provider, just before it is asked. The result belongs in no history and no log. */
export function fillSecrets(
  provider: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const lookup: Lookup = (tag) => {
    const name = tag.startsWith('args.') ? tag.slice('args.'.length) : undefined;
    const text = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
    return text === undefined ? undefined : { kind: 'text', text };
  };
  return fillMap(provider, lookup, nothingMet());
}

const hidden = '*****';

/**
 * A reading in which secrets that a provider sent back are blotted out: in its message, in every text of its value and in its facts.
 * Argo blots them out of messages only.
 */
export function hideSecrets(reading: Reading, values: Readonly<Record<string, string>>): Reading {
  // The longest first, so that no end of a secret stays when another one is its beginning.
  const secrets = Object.values(values)
    .filter((value) => value !== '')
    .sort((a, b) => b.length - a.length);
  const hide = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
  if (secrets.length === 0) return reading;
  if (reading.kind === 'error') return { ...reading, message: hide(reading.message) };
  const { value, metadata } = reading;
  const facts = metadata && (hideIn(metadata, hide) as Readonly<Record<string, string>>);
  return { kind: 'value', value: hideIn(value, hide), ...(facts !== undefined && { metadata: facts }) };
}

function hideIn(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === 'string') return hide(value);
  if (Array.isArray(value)) return value.map((item) => hideIn(item, hide));
  // Typed lists hold numbers only.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [hide(key), hideIn(item, hide)]));
}
