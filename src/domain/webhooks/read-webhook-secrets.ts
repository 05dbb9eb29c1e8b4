import { Fields } from '../fields';
import { locate } from '../located';
import type { Problem, Read } from '../problem';
import { isMap, kindOf } from '../read-json';
import { parseRepoUrl } from '../repo-url';
import { didYouMean } from '../read-suggestion';
import { providers, type Provider } from './push';

/** Where one secret of webhooks lies, never the secret. Several of one provider are all good: that is how one is rotated. */
export interface WebhookSecret {
  readonly provider: Provider;
  /** Only for repositories below this host or path; absent: for all. */
  readonly repositories?: string;
  readonly proof: Proof;
}

/**
 * What a request must show: a signature by the secret (or the secret itself, as the provider has it), the UUID of a webhook of
 * Bitbucket Cloud, or, where a person has said so, nothing.
 */
export type Proof =
  | { readonly kind: 'secret' | 'uuid'; readonly place: SecretPlace; readonly username?: string }
  | { readonly kind: 'unsigned' };

/** An environment variable or a file. */
export type SecretPlace = { readonly env: string } | { readonly file: string };

const aliases: Readonly<Record<string, Provider>> = { gogs: 'gitea', forgejo: 'gitea' };
const names = [...providers, ...Object.keys(aliases)];

/**
 * Reads the file of `--webhook-secrets`: `{"secrets": [{"provider": "github", "env": "NAME"}, …]}` with `file` instead of `env`,
 * `repositories`, `username` (Azure DevOps), `uuid: true` (Bitbucket Cloud) and `unsigned: true`.
 */
export function readWebhookSecrets(text: string, file: string): Read<readonly WebhookSecret[]> {
  const parsed = parse(text);
  if (!isMap(parsed)) {
    const message =
      parsed === undefined ? 'this is no JSON' : `must be a map with "secrets", not ${kindOf(parsed)}`;
    const remedy = 'write {"secrets": [{"provider": "github", "file": "/run/secrets/github"}]}';
    return { ok: false, problems: [{ code: 'InvalidSpec', message, file, remedy }] };
  }
  const problems: Problem[] = [];
  const located = locate({ apiVersion: 'v1', kind: 'webhooks', metadata: { name: 'secrets' } }, file);
  const fields = new Fields({ located, problems }, [], parsed);
  const secrets = fields.maps('secrets').map(readSecret);
  if (secrets.length === 0 && problems.length === 0)
    fields.invalid('secrets', 'must have at least one secret', { remedy: 'no webhook would be let in' });
  refuseUnread(fields);
  if (problems.length === 0) return { ok: true, value: secrets.filter((secret) => secret !== undefined) };
  return { ok: false, problems: problems.map(({ object: _object, line: _line, ...problem }) => problem) };
}

function readSecret(fields: Fields): WebhookSecret | undefined {
  const name = fields.oneOf('provider', names);
  const repositories = fields.string('repositories');
  const [env, file] = [fields.string('env'), fields.string('file')];
  const [isUuid, isUnsigned] = [fields.boolean('uuid') === true, fields.boolean('unsigned') === true];
  const username = fields.string('username');
  const provider = name === undefined ? undefined : (aliases[name] ?? (name as Provider));
  if (provider === undefined)
    fields.invalid('provider', 'is missing', { remedy: `use one of: ${names.join(', ')}` });
  if (isUuid && provider !== 'bitbucket') fields.invalid('uuid', 'is only for bitbucket');
  if (username !== undefined && provider !== 'azure-devops')
    fields.invalid('username', 'is only for azure-devops');
  if (repositories !== undefined && !isPrefix(repositories))
    fields.invalid('repositories', 'names no host', { remedy: 'write for example https://github.com/acme' });
  refuseUnread(fields);
  if (provider === undefined) return undefined;
  const scope = { provider, ...(repositories !== undefined && { repositories }) };
  const given = [env, file].filter((each) => each !== undefined && each !== '').length;
  if (given !== (isUnsigned ? 0 : 1)) {
    const remedy = 'name one of them; the secret itself is not written here';
    return fields.invalid(
      'env',
      isUnsigned ? 'must be left out, as it is unsigned' : 'or file must be named',
      { remedy },
    );
  }
  if (isUnsigned) return { ...scope, proof: { kind: 'unsigned' } };
  const place = env === undefined || env === '' ? { file: file ?? '' } : { env };
  const kind = isUuid ? 'uuid' : 'secret';
  return { ...scope, proof: { kind, place, ...(username !== undefined && { username }) } };
}

function isPrefix(text: string): boolean {
  return parseRepoUrl(`${text.replace(/^oci:/i, 'https:').replace(/\/+$/, '')}/~`) !== undefined;
}

function refuseUnread(fields: Fields): void {
  const { unread, known } = fields.unread();
  for (const key of unread) {
    const remedy = didYouMean(key, known, `known are: ${[...known].join(', ')}`);
    fields.report({
      code: 'UnknownField',
      path: [...fields.path, key],
      message: 'is no known field',
      remedy,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
