import type { ApiFault } from './lines';

type Code = Extract<ApiFault, { readonly kind: 'status' }>['code'];

/** An answer that is not passed on from the API server. */
export interface OwnAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** `/api/v1/…` or `/apis/<group>/<version>/…`, then perhaps a namespace, a resource and a name. */
const pathParts =
  /^\/(?:api\/[^/]+|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/[^/]+(?=\/))?(?:\/(?<resource>[^/]+))?(?:\/(?<name>[^/]+))?/;

/** An error as the API server words it: a `Status` object (apimachinery's api/errors). `path` is without its query. */
export function statusAnswer(code: Code, path: string): OwnAnswer {
  const { group = '', resource = '', name = '' } = pathParts.exec(path)?.groups ?? {};
  const after = code === 429 ? { 'retry-after': '1' } : undefined;
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code,
    ...worded(code, { group, resource, name: decodeURIComponent(name) }),
  };
  const headers = { 'content-type': 'application/json', ...after };
  return { code, headers, body: `${JSON.stringify(status)}\n` };
}

interface Named {
  readonly group: string;
  readonly resource: string;
  readonly name: string;
}

function worded(code: Code, { group, resource, name }: Named): object {
  switch (code) {
    case 409: {
      const qualified = group === '' ? resource : `${resource}.${group}`;
      const message = `Operation cannot be fulfilled on ${qualified} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
      const details = { name, ...(group === '' ? {} : { group }), kind: resource };
      return { message, reason: 'Conflict', details };
    }
    case 429: {
      const details = { retryAfterSeconds: 1 };
      return { message: 'storage is (re)initializing', reason: 'TooManyRequests', details };
    }
    case 500: {
      const cause = 'resource quota evaluation timed out';
      const details = { causes: [{ message: cause }] };
      return { message: `Internal error occurred: ${cause}`, reason: 'InternalError', details };
    }
    case 503: {
      const message = 'the server is currently unable to handle the request';
      return { message, reason: 'ServiceUnavailable' };
    }
  }
}
