import type { ChartCredentialSource } from '../adapters/charts';
import type { ForgeSource } from '../adapters/forge';
import type { CredentialSource } from '../adapters/git';
import type { Fields } from '../domain/fields';
import { reportUnknown } from '../domain/read-refusals';

type GithubApp = NonNullable<CredentialSource['app']>;

/** One entry of `read` or `write`. */
export function readGitSource(fields: Fields): CredentialSource {
  const source: CredentialSource = {
    ...texts(fields, [
      'repo',
      'username',
      'tokenVariable',
      'tokenFile',
      'apiUrl',
      'sshKeyFile',
      'knownHostsFile',
    ]),
    ...flags(fields, ['allowHttp']),
    ...readApp(fields),
  };
  reportUnknown(fields);
  const { sshKeyFile, knownHostsFile, app } = source;
  const ways = tokenWays(source);
  if (ways.length === 0 && sshKeyFile === undefined && knownHostsFile === undefined)
    fields.invalid('tokenFile', 'or another credential must be named', {
      remedy:
        'name tokenFile, tokenVariable or app for https, sshKeyFile for ssh; the secret itself is not written here',
    });
  refuseSeveral(fields, ways);
  if (app !== undefined && source.username !== undefined)
    fields.invalid('username', 'is of no use with app', { remedy: 'leave it out' });
  if (app === undefined && source.apiUrl !== undefined)
    fields.invalid('apiUrl', 'is of no use without app', { remedy: 'leave it out' });
  return source;
}

/** One entry of `forges`. */
export function readForgeSource(fields: Fields): ForgeSource {
  const kinds = ['github', 'gitlab', 'gitea', 'bitbucket-cloud', 'bitbucket-server'] as const;
  const kind = fields.oneOf('kind', kinds);
  const read = {
    ...texts(fields, ['repo', 'apiUrl', 'username', 'tokenVariable', 'tokenFile']),
    ...flags(fields, ['allowHttp']),
    ...readApp(fields),
    ...(kind === undefined ? {} : { kind }),
  };
  reportUnknown(fields);
  if (read.repo === undefined)
    fields.invalid('repo', 'is missing', {
      remedy: 'write a host or a path on it, such as https://github.com/acme',
    });
  const ways = tokenWays(read);
  if (ways.length === 0)
    fields.invalid('tokenFile', 'or another credential must be named', {
      remedy: 'name tokenFile, tokenVariable or app; the token itself is not written here',
    });
  refuseSeveral(fields, ways);
  return { ...read, repo: read.repo ?? '' };
}

/** One entry of `charts`. */
export function readChartSource(fields: Fields): ChartCredentialSource {
  const source = {
    ...texts(fields, ['repo', 'username', 'passwordVariable', 'passwordFile', 'tokenVariable', 'tokenFile']),
    ...texts(fields, ['caFile', 'clientCertificateFile', 'clientKeyFile']),
    ...flags(fields, ['insecure', 'plainHttp', 'allowHttp']),
  };
  reportUnknown(fields);
  return source;
}

/** `variable` where it is one of several texts that name the same secret; both would be a riddle. */
export function refuseSeveral(fields: Fields, names: readonly string[]): void {
  const [, second] = names;
  if (second !== undefined)
    fields.invalid(second, `stands beside ${names[0]}`, { remedy: 'name one of them' });
}

/** The texts that are written. A variable whose name cannot be one is a problem that does not show it: it might be the secret. */
export function texts<K extends string>(fields: Fields, keys: readonly K[]): { readonly [P in K]?: string } {
  const read = keys.map((key) => [key, fields.string(key)] as const);
  for (const [key, value] of read) {
    if (value === '') fields.invalid(key, 'is empty', { remedy: 'write a name, or leave it out' });
    else if (key.endsWith('Variable') && value !== undefined && !isVariable(value))
      fields.invalid(key, 'is no name of an environment variable', {
        remedy: 'write the name of one that holds the secret; the secret itself is not written here',
      });
  }
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as { [P in K]?: string };
}

function flags<K extends string>(fields: Fields, keys: readonly K[]): { readonly [P in K]?: boolean } {
  const read = keys.map((key) => [key, fields.boolean(key)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined)) as { [P in K]?: boolean };
}

/** Tokens of GitHub are made of the letters that names of variables are made of. */
function isVariable(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^(?:gh[a-z]_|github_pat_)/.test(text);
}

function tokenWays(source: Pick<CredentialSource, 'tokenVariable' | 'tokenFile' | 'app'>): string[] {
  return (['tokenVariable', 'tokenFile', 'app'] as const).filter((key) => source[key] !== undefined);
}

function readApp(fields: Fields): { readonly app?: GithubApp } {
  const app = fields.map('app');
  if (app === undefined) return {};
  const id = readId(app, 'id');
  const installationId = readId(app, 'installationId');
  const key = texts(app, ['privateKeyVariable', 'privateKeyFile']);
  reportUnknown(app);
  if (app.raw('id') === undefined) app.invalid('id', 'is missing', { remedy: "write the App's id" });
  const ways = Object.keys(key);
  if (ways.length === 0)
    app.invalid('privateKeyFile', 'or privateKeyVariable must be named', {
      remedy: "name where the App's private key lies",
    });
  refuseSeveral(app, ways);
  return { app: { id: id ?? '', ...key, ...(installationId === undefined ? {} : { installationId }) } };
}

/** Ids are numbers; client ids of Apps are texts. */
function readId(fields: Fields, key: string): number | string | undefined {
  const value = fields.raw(key);
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value > 0))
    return value;
  if (typeof value === 'string' && /^[A-Za-z0-9.]+$/.test(value)) return value;
  return fields.invalid(key, 'is no id', { remedy: 'write the number that GitHub shows' });
}
