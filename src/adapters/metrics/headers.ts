import { wrong } from './failure';
import type { Secrets } from './secrets';
import type { Spec } from './spec';

/** Reads `headers`, a list of `key` and `value`. A value is as secret as a password. */
export function readHeaders(spec: Spec, secrets: Secrets): Readonly<Record<string, string>> {
  const read = spec.maps('headers').map((each) => {
    const [key, value] = [each.required('key'), each.text('value') ?? ''];
    secrets.addHeader(key, value);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key))
      throw wrong(`field ${each.path}.key is no name of a header`);
    if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value))
      throw wrong(`field ${each.path}.value has a character that a header cannot hold, such as a line break`);
    return [key.toLowerCase(), value] as const;
  });
  return Object.fromEntries(read);
}
