import { isMap } from '../domain/read-json';
import { connectionFields } from '../domain/sequential';

/** What a metric that asks several queries says about its server: address, headers and the like. */
export function connectionOf(provider: unknown): Readonly<Record<string, unknown>> {
  const written = isMap(provider) ? Object.entries(provider) : [];
  return Object.fromEntries(written.filter(([key]) => connectionFields.includes(key)));
}
