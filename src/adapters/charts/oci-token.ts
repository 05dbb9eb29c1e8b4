import type { ChartAccess } from './access';
import { chartError, shownUrl, statusError } from './errors';
import type { Http } from './http';
import { fieldOf } from '../../domain/read-json';

/** A registry that wants to know who asks: `WWW-Authenticate`. */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the header; Bearer before Basic, since with a token the password travels less. */
export function readChallenge(header: string): Challenge | undefined {
  const found = [...header.matchAll(/(?:^|,\s*)(basic|bearer)\s+/gi)].map((match, index, all) => {
    const end = all[index + 1]?.index ?? header.length;
    const rest = header.slice(match.index + match[0].length, end);
    const pairs = [...rest.matchAll(/([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)];
    const parameters = pairs.map(([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']);
    const scheme = (match[1] ?? '').toLowerCase() === 'bearer' ? 'bearer' : 'basic';
    return { scheme, parameters: Object.fromEntries(parameters) as Record<string, string> } as const;
  });
  return found.find(({ scheme }) => scheme === 'bearer') ?? found[0];
}

interface TokenRequest {
  readonly challenge: Challenge;
  readonly registry: URL;
  /** The repository's name. */
  readonly name: string;
  readonly access: ChartAccess;
  readonly maxBytes: number;
}

/** Asks the registry's token server for the right to read one repository; the password goes there, as the protocol has it. */
export async function askForToken(
  http: Http,
  { challenge, registry, name, access, maxBytes }: TokenRequest,
): Promise<ChartAccess> {
  const { realm = '', service, scope = `repository:${name}:pull` } = challenge.parameters;
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && registry.protocol === 'http:');
  if (url === undefined || !isSafe) {
    const message = `the registry ${shownUrl(registry)} names a token server that is no https URL; correct the registry`;
    throw chartError('Forbidden', message, registry);
  }
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  // Another host may be trusted by the same authority, but is not shown our certificate.
  const { tls = {}, ...rest } = access;
  const ca = tls.ca === undefined ? {} : { ca: tls.ca };
  const ours = { ...rest, tls: url.hostname === registry.hostname ? tls : ca };
  const answer = await http({ url, access: ours, maxBytes, what: 'the token' });
  if (answer.status !== 200) throw statusError(answer.status, { ...answer, url });
  const token = tokenIn(answer.body.toString('utf8'));
  if (token === undefined) {
    const message = `the token server ${shownUrl(url)} gives no token; check the credentials and the server`;
    throw chartError('Unauthenticated', message, url);
  }
  return { ...access, authorization: `Bearer ${token}` };
}

function tokenIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const token = fieldOf(answer, 'token') ?? fieldOf(answer, 'access_token');
    return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
