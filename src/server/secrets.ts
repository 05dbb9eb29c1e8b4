import { readFile } from 'node:fs/promises';
import { describeProblem } from '../domain/problem';
import { ClientError } from '../client/client-error';
import {
  readWebhookSecrets,
  type SecretPlace,
  type WebhookSecret,
} from '../domain/webhooks/read-webhook-secrets';

/** A secret as it is now. */
export interface OpenSecret extends WebhookSecret {
  /** Absent where nothing is to be shown. */
  readonly value?: Buffer;
}

/** The secrets now, and what keeps the others from being used. No text has a secret in it. */
export interface OpenSecrets {
  readonly secrets: readonly OpenSecret[];
  readonly troubles: readonly string[];
}

/** Reads the secrets from the places that `file` names, anew at each call, so that a rotated one counts at once. Throws ClientError. */
export async function openSecrets(file: string, env: NodeJS.ProcessEnv = process.env): Promise<OpenSecrets> {
  const read = readWebhookSecrets(await textOf(file), file);
  if (!read.ok) throw new ClientError('InvalidConfig', read.problems.map(describeProblem).join('\n  '));
  const troubles: string[] = [];
  const secrets: OpenSecret[] = [];
  for (const secret of read.value) {
    const { proof, provider } = secret;
    const value = proof.kind === 'unsigned' ? '' : await valueAt(proof.place, env);
    if (proof.kind === 'unsigned') secrets.push(secret);
    else if (value !== '') secrets.push({ ...secret, value: Buffer.from(value) });
    else troubles.push(`the secret of ${provider} in ${nameOf(proof.place)} is missing or empty`);
  }
  return { secrets, troubles };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ClientError('InvalidConfig', `cannot read the file of webhook secrets ${file}: ${code}`, {
      cause,
    });
  }
}

/** Empty where there is none. A line break at the end of a file is an editor's. */
async function valueAt(place: SecretPlace, env: NodeJS.ProcessEnv): Promise<string> {
  if ('env' in place) return env[place.env] ?? '';
  return readFile(place.file, 'utf8').then(
    (text) => text.replace(/\r?\n$/, ''),
    () => '',
  );
}

function nameOf(place: SecretPlace): string {
  return 'env' in place ? `environment variable ${place.env}` : `file ${place.file}`;
}
