import { ApplicationFailure } from '@temporalio/common';
import { toFailure } from '../../src/activities/fail';
import { formsOf, rememberSecrets, safeError, safeText } from '../../src/ports/known-secrets';
import { PortError } from '../../src/ports/port-error';

const secret = 'S3ntinel/äöü+ of credentials';
beforeAll(() => rememberSecrets(secret, undefined, 'short'));

test.each([
  ['as it is', secret],
  ['in a URL', encodeURIComponent(secret)],
  ['in a form', new URLSearchParams({ '': secret }).toString().slice(1)],
  ['in Base64', Buffer.from(secret).toString('base64')],
  ['in Base64 for URLs', Buffer.from(secret).toString('base64url')],
])('a credential that was read is hidden %s', (_form, text) => {
  const safe = safeText(`fatal: ${text} was refused`);
  expect(safe).toMatch(/^fatal: \*\*\*=* was refused$/);
});

test('a short value is not taken for a secret everywhere', () => {
  expect(safeText('a short way')).toBe('a short way');
  expect(formsOf('short')).toContain('short');
});

test('an error of a port holds no credential: not in its message, its facts, nor what caused it', () => {
  const cause = new Error(`git said ${secret}`, { cause: new Error(`ssh said ${secret}`) });
  const error = new PortError(`cannot fetch https://bot:pw@example.com/x: ${secret}`, {
    code: 'Unreachable',
    retry: 'later',
    facts: { repository: 'https://bot:pw@example.com/x', tries: 3 },
    cause,
  });
  expect(error.message).toBe('cannot fetch https://***@example.com/x: ***');
  expect(error.facts).toEqual({ repository: 'https://***@example.com/x', tries: 3 });
  expect(error.cause).toBe(cause);
  const inner = cause.cause as Error;
  for (const each of [error, cause, inner]) expect(`${each.message}${each.stack}`).not.toContain(secret);
});

test('a bug stays the error that it is, without credentials', () => {
  const bug = new TypeError(`cannot read ${secret} of undefined`);
  expect(toFailure(bug)).toBe(bug);
  expect(bug.message).toBe('cannot read *** of undefined');
  expect(bug.stack).not.toContain(secret);
  const failure = ApplicationFailure.nonRetryable(`no ${secret}`, 'Invalid');
  expect(toFailure(failure)).toBe(failure);
  expect(failure.message).toBe('no ***');
  expect([safeError(`thrown ${secret}`), safeError(42)]).toEqual(['thrown ***', 42]);
});

test('thousands of tokens push out the oldest ones', () => {
  rememberSecrets('the-first-of-many-tokens');
  rememberSecrets(...Array.from({ length: 4_000 }, (_, index) => `token-number-${index}`));
  expect(safeText('the-first-of-many-tokens, token-number-3999')).toBe('the-first-of-many-tokens, ***');
});
