import { PortError, type PortErrorCode } from '../../ports/port-error';
import { grantedBy } from './permissions';

interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly Cause[];
  };
}
interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** Translates the API server's `Status` answer (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export function statusError(
  httpStatus: number,
  text: string,
  what: string,
  retryAfter: string | string[] | undefined,
): PortError {
  const status = parse(text);
  const message = withoutValues(status.message ?? text.slice(0, 300));
  const code = codeOf(httpStatus, status, message);
  const field = status.details?.causes?.find(
    (cause) => cause.field !== undefined && cause.field !== '',
  )?.field;
  const afterMs = 1000 * (status.details?.retryAfterSeconds ?? (Number(retryAfter) || 1));
  const retry = { Conflict: 'later', Throttled: 'after', Unreachable: 'later' } as const;
  return new PortError(`cannot ${what}: ${message}${remedyOf(code, message)}`, {
    code,
    retry: code in retry ? retry[code as keyof typeof retry] : 'never',
    ...(code === 'Throttled' ? { afterMs } : {}),
    facts: { httpStatus, ...(field === undefined ? {} : { field }), ...budgetOf(status) },
  });
}

/** The name of the PodDisruptionBudget that stands in the way of an eviction: only the text of a cause tells it. */
function budgetOf({ details }: Status): { readonly budget?: string } {
  const cause = details?.causes?.find(({ reason }) => reason === 'DisruptionBudget');
  const budget = /disruption budget (\S+)/.exec(cause?.message ?? '')?.[1];
  return budget === undefined ? {} : { budget };
}

/** A field of the wrong type is quoted with its value, which is a secret where somebody left out the quotes of a numeric password. */
function withoutValues(message: string): string {
  return message
    .replace(/(expected [^,]+, got) &[^\n]*?(?=$|\n)/g, '$1 something else')
    .replace(/(\bcannot unmarshal \w+) [^\n]*? (?=into Go )/g, '$1 ');
}

function parse(text: string): Status {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return {};
  }
}

/** Server-side apply answers 500 for a field that the schema does not have: asking again would not help. */
const notInSchema = /failed to create typed patch object|field not declared in schema/;

function codeOf(httpStatus: number, { reason }: Status, message: string): PortErrorCode {
  if (notInSchema.test(message)) return 'Invalid';
  switch (httpStatus) {
    case 401:
      return 'Unauthenticated';
    case 403:
      return 'Forbidden';
    case 404:
      return 'NotFound';
    case 409:
      return 'Conflict';
    case 429:
      return 'Throttled';
    case 400:
    case 422:
      return /field is immutable|may not change once set|updates to .* are forbidden/i.test(message)
        ? 'ImmutableField'
        : 'Invalid';
    default:
      return httpStatus >= 500 || reason === 'Timeout' ? 'Unreachable' : 'Invalid';
  }
}

/** The API server's words when the worker may not act as another user; `impersonate-on:…` since Kubernetes 1.35. */
const noImpersonation = / cannot impersonate/;

/** The API server's words: `cannot patch resource "deployments" in API group "apps" in the namespace "shop"`. */
const forbidden = / cannot (\S+) resource "([^"]+)" in API group "([^"]*)"/;

/** The manifests that grant what was refused; empty where none of ours does. */
function whereToFind(message: string): string {
  const [, verb = '', resource = '', group = ''] = forbidden.exec(message) ?? [];
  const files = grantedBy(verb, resource, group).map((name) => `${name}.yaml`);
  return files.length === 0 ? '' : ` (${files.join(' or ')} of deploy/kubernetes has it)`;
}

function remedyOf(code: PortErrorCode, message: string): string {
  switch (code) {
    case 'Unauthenticated':
      return '; renew the credentials of this context in the kubeconfig';
    case 'Forbidden':
      if (noImpersonation.test(message))
        return "; give the worker's account the verb impersonate on serviceaccounts in the namespace of the account it is to act as";
      return `; give the worker the permission${whereToFind(message)}, or remove the object from Git`;
    case 'ImmutableField':
      return '; put the old value back in Git, or delete the object by hand so that it is made anew';
    default:
      return '';
  }
}
