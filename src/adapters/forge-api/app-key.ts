import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PortError } from '../../ports/port-error';

/** A GitHub App, and where its private key lies: the name of a file or of a variable, never the key. */
export interface GithubApp {
  /** The App's id or its client id. */
  readonly id: number | string;
  /** Of one account's installation; default: the one that has the repository. */
  readonly installationId?: number | string;
  readonly privateKeyFile?: string;
  readonly privateKeyVariable?: string;
}

// GitHub takes at most 10 minutes, and refuses what was signed later than its own clock says.
const backS = 60;
const validS = 9 * 60;

/** Proves to be the App: a JSON Web Token by RS256, good for some minutes. The key is read at each use. Throws PortError. */
export async function proofOf(app: GithubApp): Promise<string> {
  const key = await readKey(app);
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - backS, exp: now + validS, iss: String(app.id) };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

async function readKey({ id, privateKeyFile, privateKeyVariable }: GithubApp): Promise<KeyObject> {
  const place =
    privateKeyVariable === undefined
      ? `file ${privateKeyFile}`
      : `environment variable ${privateKeyVariable}`;
  const text =
    privateKeyVariable === undefined
      ? await readFile(privateKeyFile ?? '', 'utf8').catch(() => '')
      : (process.env[privateKeyVariable] ?? '');
  try {
    // In a variable, line breaks are often written as two characters.
    const key = createPrivateKey(text.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // What the library says of a broken key is of no use to a person, and might quote it.
  }
  throw new PortError(`no usable private key of GitHub App ${id}: ${place} is missing, empty or no RSA key`, {
    code: 'Unauthenticated',
    retry: 'later',
    facts: { app: id },
  });
}
