import { createHash } from 'node:crypto';
import { fieldOf } from '../../domain/read-json';
import type { Millis } from '../../domain/strategy';
import { wrong, type Failure } from './failure';
import { successful, type Connection, type HttpAnswer } from './http';
import { parseJson } from './read-body';
import type { Secrets } from './secrets';

/** The client credentials grant of RFC 6749, section 4.4. */
export interface OAuth2 {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

interface Token {
  readonly value: string;
  /** Epoch milliseconds; a token that does not say so is used once. */
  readonly expiresAt: number;
}

/** A token is renewed so long before it expires, as Go's client does. */
const earlyMs: Millis = 10_000;
/** Beyond it the oldest token is forgotten. */
const maxTokens = 100;

/** Keeps access tokens in this process's memory until they expire, by client and what it asks for. */
export class TokenCache {
  readonly #tokens = new Map<string, Token>();

  constructor(readonly clock: () => number) {}

  async get(oauth2: OAuth2, connection: Connection, secrets: Secrets): Promise<string> {
    const key = keyOf(oauth2);
    const known = this.#tokens.get(key);
    const token =
      known !== undefined && known.expiresAt - earlyMs > this.clock()
        ? known
        : await fetchToken(oauth2, connection, this.clock);
    secrets.add(token.value);
    this.#tokens.delete(key);
    this.#tokens.set(key, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > maxTokens && oldest !== undefined) this.#tokens.delete(oldest);
    return token.value;
  }

  /** Forgets a token that was refused: it may have been revoked. Answers whether there was one. */
  forget(oauth2: OAuth2): boolean {
    return this.#tokens.delete(keyOf(oauth2));
  }
}

/** The keys hold no secret in clear. */
function keyOf({ tokenUrl, clientId, clientSecret, scopes }: OAuth2): string {
  const all = JSON.stringify([tokenUrl.href, clientId, clientSecret, scopes]);
  return createHash('sha256').update(all).digest('hex');
}

/** The client shows itself in a header, which every server must understand; where that is refused, in the form. */
async function fetchToken(oauth2: OAuth2, connection: Connection, clock: () => number): Promise<Token> {
  const inHeader = await askForToken(oauth2, connection, true);
  const isRefused = inHeader.status === 400 || inHeader.status === 401;
  const answer = isRefused ? await askForToken(oauth2, connection, false) : inHeader;
  const json = parseToken(successful(answer, saidByServer).text);
  const value = fieldOf(json, 'access_token');
  if (typeof value !== 'string' || value === '') throw noToken('the answer has no access_token');
  const type = fieldOf(json, 'token_type') ?? 'bearer';
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw noToken('its token is no bearer token');
  const seconds = Number(fieldOf(json, 'expires_in') ?? 0);
  return { value, expiresAt: clock() + (Number.isFinite(seconds) ? seconds * 1_000 : 0) };
}

function askForToken(oauth2: OAuth2, connection: Connection, isInHeader: boolean): Promise<HttpAnswer> {
  const { tokenUrl: url, clientId, clientSecret, scopes } = oauth2;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (isInHeader) {
    const client = [clientId, clientSecret].map((each) => encodeURIComponent(each.toWellFormed())).join(':');
    headers.authorization = `Basic ${Buffer.from(client).toString('base64')}`;
  } else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  return connection.send({ method: 'POST', url, headers, body: form.toString() });
}

function parseToken(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error: unknown) {
    throw noToken((error as Failure).message);
  }
}

/** RFC 6749, section 5.2: a code from a closed list, and a sentence for developers that is left out. */
function saidByServer(text: string): string | undefined {
  try {
    const code = fieldOf(JSON.parse(text), 'error');
    return typeof code === 'string' && /^[a-z_]{1,60}$/.test(code)
      ? `no access token, ${code}`
      : 'no access token';
  } catch {
    return 'no access token';
  }
}

function noToken(reason: string): Failure {
  return wrong(`no access token: ${reason}`);
}
