import type { AwsIdentity } from './aws';
import { wrong } from './failure';
import type { Connection, HttpAnswer, HttpRequest } from './http';
import type { OAuth2 } from './oauth2';
import type { Tools } from './provider';
import type { Spec } from './spec';
import { readUrl } from './url';

/** How a request shows who sends it: `authentication` of the prometheus and web providers. */
export type Authentication =
  | { readonly kind: 'none' }
  | { readonly kind: 'basicAuth'; readonly username: string; readonly password: string }
  | { readonly kind: 'oauth2'; readonly oauth2: OAuth2 }
  | { readonly kind: 'sigv4'; readonly identity: AwsIdentity };

const kinds = ['basicAuth', 'oauth2', 'sigv4'] as const;

/** Reads `authentication`. An empty map counts as absent, as in Argo; two of them cannot be sent at once. */
export function readAuthentication(provider: Spec, tools: Tools): Authentication {
  const spec = provider.map('authentication');
  if (spec === undefined) return { kind: 'none' };
  const [first, second] = kinds.flatMap((kind) => {
    const inner = spec.map(kind);
    return inner === undefined || Object.keys(inner.values).length === 0 ? [] : [{ kind, inner }];
  });
  if (first === undefined) return { kind: 'none' };
  if (second !== undefined)
    throw wrong(`${spec.path} has both ${first.kind} and ${second.kind}; a request carries one`);
  switch (first.kind) {
    case 'basicAuth':
      return readBasic(first.inner, tools);
    case 'oauth2':
      return { kind: 'oauth2', oauth2: readOAuth2(first.inner, tools) };
    case 'sigv4':
      return { kind: 'sigv4', identity: readIdentity(first.inner, tools) };
  }
}

/** Sends a request with its authentication. `service` is AWS's name of what is asked. */
export async function sendAs(
  authentication: Authentication,
  request: HttpRequest,
  connection: Connection,
  { tools, service }: { readonly tools: Tools; readonly service: string },
): Promise<HttpAnswer> {
  const { secrets, tokens, aws } = tools;
  switch (authentication.kind) {
    case 'none':
      return connection.send(request);
    case 'basicAuth': {
      const user = Buffer.from(`${authentication.username}:${authentication.password}`).toString('base64');
      return connection.send(authorized(request, `Basic ${user}`));
    }
    case 'oauth2': {
      const { oauth2 } = authentication;
      const send = async () =>
        connection.send(authorized(request, `Bearer ${await tokens.get(oauth2, connection, secrets)}`));
      const answer = await send();
      return answer.status === 401 && tokens.forget(oauth2) ? send() : answer;
    }
    case 'sigv4': {
      const signing = { identity: authentication.identity, connection, secrets };
      return connection.send(await aws.sign(request, service, signing));
    }
  }
}

function authorized(request: HttpRequest, authorization: string): HttpRequest {
  const others = Object.entries(request.headers ?? {}).filter(
    ([name]) => name.toLowerCase() !== 'authorization',
  );
  return { ...request, headers: { ...Object.fromEntries(others), authorization } };
}

function readBasic(spec: Spec, { secrets }: Tools): Authentication {
  const [username, password] = [spec.required('username'), spec.required('password')];
  secrets.add(username, password);
  return { kind: 'basicAuth', username, password };
}

function readOAuth2(spec: Spec, { secrets }: Tools): OAuth2 {
  const [clientId, clientSecret] = [spec.required('clientId'), spec.required('clientSecret')];
  secrets.add(clientId, clientSecret);
  const tokenUrl = readUrl(spec.required('tokenUrl'), `field ${spec.path}.tokenUrl`, secrets);
  return { tokenUrl, clientId, clientSecret, scopes: spec.texts('scopes') };
}

function readIdentity(spec: Spec, { aws }: Tools): AwsIdentity {
  const [region, profile, roleArn] = [spec.text('region'), spec.text('profile'), spec.text('roleArn')];
  return {
    region: aws.region(region),
    ...(profile === undefined ? {} : { profile }),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
}
