import { rememberSecrets } from '../../ports/known-secrets';
import { isPortError } from '../../ports/port-error';
import { unreachable, wrong } from './failure';
import type { Tools } from './provider';

/** A value of a Secret beside the application, which from now on is not told; undefined when it does not exist. */
export async function readSecret(
  name: string,
  key: string,
  { question, secrets }: Tools,
): Promise<string | undefined> {
  try {
    const value = (await question.secret(name, key))?.trim();
    secrets.add(value);
    rememberSecrets(value);
    return value;
  } catch (error: unknown) {
    if (!isPortError(error)) throw error;
    const reason = `cannot read Secret ${name}: ${error.message}`;
    throw error.retry === 'never' ? wrong(reason) : unreachable(reason);
  }
}
