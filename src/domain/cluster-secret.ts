import { Fields } from './fields';
import { problemAt, readOf, type Located } from './located';
import type { Problem, Read } from './problem';
import { isMap } from './read-json';
import { refuse, reportUnknown, type Refusals } from './read-refusals';
import { secretText } from './secret-fields';

/** Label and value by which Argo CD knows the Secrets that name clusters. */
export const clusterSecretLabel = 'argocd.argoproj.io/secret-type=cluster';

/** A cluster as a Secret of Argo CD names it. It holds credentials: it never leaves the process, nor is it logged. */
export interface ClusterSecret {
  readonly name: string;
  /** Without a slash at its end. */
  readonly server: string;
  /** Only these namespaces are delivered to; absent: all. */
  readonly namespaces?: readonly string[];
  /** With `namespaces`: cluster-scoped objects are delivered, too. */
  readonly clusterResources: boolean;
  /** Only applications of this project may use it. */
  readonly project?: string;
  readonly credentials: ClusterCredentials;
}

export interface ClusterCredentials {
  readonly bearerToken?: string;
  readonly username?: string;
  readonly password?: string;
  readonly insecure: boolean;
  readonly serverName?: string;
  /** PEM in base64, as the Secret has it. */
  readonly caData?: string;
  readonly certData?: string;
  readonly keyData?: string;
  readonly proxyUrl?: string;
}

const refusals: Refusals = {
  awsAuthConfig: ['signing in at AWS is', 'put the token of a ServiceAccount into bearerToken'],
  execProviderConfig: [
    'a program that makes credentials is',
    'put the token of a ServiceAccount into bearerToken, or give the worker a kubeconfig context that runs the program',
  ],
};

/**
 * Reads Argo CD's declarative cluster Secret (data `name`, `server`, `config` as JSON, and the optional `namespaces`,
 * `clusterResources`, `project`, `shard`). Problems name fields and never a value.
 */
export function readClusterSecret(located: Located): Read<ClusterSecret> {
  const problems: Problem[] = [];
  const data = textsOf(located.object['data']);
  const fail = (field: string, message: string, remedy: string): undefined => {
    const path = ['data', ...field.split('.')];
    problems.push(problemAt(located, { code: 'InvalidSpec', path, message, remedy }));
  };
  const server = data['server']?.trim().replace(/\/+$/, '') ?? '';
  if (!/^https?:\/\/[^\s/?#@]+[^\s?#@]*$/.test(server))
    fail('server', 'is not the URL of an API server', 'write it as https://host:port');
  const config = readConfig(data['config'], fail);
  const credentials = config && readCredentials(config, { located, problems });
  const namespaces = (data['namespaces'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (credentials === undefined) return readOf<ClusterSecret>(undefined, problems);
  const { project } = data;
  return readOf<ClusterSecret>(
    {
      name: data['name'] || server,
      server,
      credentials,
      clusterResources: data['clusterResources'] === 'true',
      ...(namespaces.length === 0 ? {} : { namespaces }),
      ...(project === undefined || project === '' ? {} : { project }),
    },
    problems,
  );
}

type Fail = (field: string, message: string, remedy: string) => undefined;

function readConfig(text: string | undefined, fail: Fail): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text.trim() === '') return {};
  try {
    const config: unknown = JSON.parse(text);
    if (isMap(config)) return config;
  } catch {
    // What the parser says would repeat a piece of the credentials.
  }
  return fail('config', 'is not a JSON object', 'write it as Argo CD documents it');
}

function readCredentials(
  config: Readonly<Record<string, unknown>>,
  { located, problems }: { readonly located: Located; readonly problems: Problem[] },
): ClusterCredentials {
  const found: Problem[] = [];
  const fields = new Fields({ located, problems: found }, ['data', 'config'], config);
  refuse(fields, refusals);
  fields.boolean('disableCompression');
  const tls = fields.map('tlsClientConfig');
  const credentials = {
    bearerToken: fields.string('bearerToken'),
    username: fields.string('username'),
    password: fields.string('password'),
    proxyUrl: fields.string('proxyUrl'),
    insecure: tls?.boolean('insecure') ?? false,
    serverName: tls?.string('serverName'),
    caData: tls?.string('caData'),
    certData: tls?.string('certData'),
    keyData: tls?.string('keyData'),
  };
  reportUnknown(fields);
  if (tls !== undefined) reportUnknown(tls);
  problems.push(...found.map(withoutValue));
  const given = Object.entries(credentials).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given) as unknown as ClusterCredentials;
}

/** What is wrong with a Secret is told without what it holds: sentences and remedies of a wrong type repeat the value. */
function withoutValue({ value: _value, message, remedy = '', ...rest }: Problem): Problem {
  const isType = /^must be .*, not /.test(message);
  return {
    ...rest,
    message: isType ? message.replace(/, not .*$/, '') : message,
    remedy: isType ? 'write it as Argo CD documents it' : remedy,
  };
}

function textsOf(data: unknown): Readonly<Record<string, string>> {
  if (!isMap(data)) return {};
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, secretText(String(value)) ?? '']),
  );
}
