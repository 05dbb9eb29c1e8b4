import { nameOf, refOf, type KubeObject } from './kube-object';
import type { Problem } from './problem';
import { SecretFields } from './secret-fields';

/** What an Argo CD repository Secret opens, and with what. It holds secrets: never part of a history, a log or a message. */
export interface RepositoryAccess {
  /** `Secret argocd/repo-123`, for messages. */
  readonly secret: string;
  /** `write`: of a type `…-write…`, which Argo CD pushes with; it is never used for reading, nor the other way round. */
  readonly scope: 'read' | 'write';
  /** A repository, or for a template what URLs begin with. */
  readonly urlPrefix: string;
  /** Of type `repo-creds`: for all repositories below the URL that have no credentials of their own. */
  readonly isTemplate: boolean;
  /** Absent for a template that does not say: for all kinds. Helm with `enableOCI` is `oci`. */
  readonly kind?: RepositoryKind;
  readonly name?: string;
  /** Only applications of this project may use it. */
  readonly project?: string;
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  readonly sshPrivateKey?: string;
  readonly tlsClientCertData?: string;
  readonly tlsClientCertKey?: string;
  /** Any certificate of the server is taken; for SSH, any host key. */
  readonly insecure: boolean;
  /** `insecureOCIForceHttp`: the registry speaks plain HTTP. */
  readonly plainHttp: boolean;
  readonly proxy?: string;
}

export type RepositoryKind = 'git' | 'helm' | 'oci';

/** What was understood, and what was not. A field that is unknown is a problem, but leaves the access usable. */
export interface RepositorySecret {
  /** Absent when a problem makes the Secret unusable. */
  readonly access?: RepositoryAccess;
  /** The URL it is about, also when it is unusable; absent when it is missing. */
  readonly urlPrefix?: string;
  readonly problems: readonly Problem[];
}

const label = 'argocd.argoproj.io/secret-type';
const types: Readonly<Record<string, Pick<RepositoryAccess, 'scope' | 'isTemplate'>>> = {
  repository: { scope: 'read', isTemplate: false },
  'repo-creds': { scope: 'read', isTemplate: true },
  'repository-write': { scope: 'write', isTemplate: false },
  'repo-write-creds': { scope: 'write', isTemplate: true },
};

/** Which Secrets `readRepositorySecret` is for, as a label selector. */
export const repositorySecretLabel = `${label} in (${Object.keys(types).join(',')})`;

const texts = [
  'name',
  'project',
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCertData',
  'tlsClientCertKey',
  'proxy',
] as const;
/** Without effect here: what they ask for is done anyway, or says nothing about access. */
const ignored = ['forceHttpBasicAuth', 'enableLfs', 'noProxy'];
const known = [
  'url',
  'type',
  'insecure',
  'insecureIgnoreHostKey',
  'enableOCI',
  'insecureOCIForceHttp',
  ...texts,
  ...ignored,
];

/** Ways to sign in that Belay does not have, and what to do instead. */
const unsupported: readonly (readonly [RegExp, string, string])[] = [
  [/^githubApp/, 'a GitHub App is not supported', 'give a fine-grained access token as password'],
  [/^gcpServiceAccountKey$/, 'a key of Google Cloud is not supported', 'give a username and a password'],
  [/^useAzureWorkloadIdentity$/, "Azure's workload identity is not supported", 'give a token as password'],
];

function typeOf({ metadata }: KubeObject) {
  const type = metadata.labels?.[label] ?? '';
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/**
 * Reads one of Argo CD's repository Secrets (its declarative setup): of type `repository`, `repo-creds`, `repository-write` or
 * `repo-write-creds`. Problems name fields, never values.
 */
export function readRepositorySecret(secret: KubeObject): RepositorySecret {
  const fields = new SecretFields(secret);
  const type = typeOf(secret);
  if (type === undefined) {
    const words = ['names no repository Secret', `use one of: ${Object.keys(types).join(', ')}`] as const;
    fields.report('Unsupported', `metadata.labels["${label}"]`, words);
    return { problems: fields.problems };
  }
  for (const key of fields.keys) checkKnown(fields, key);
  const urlPrefix = readUrl(fields);
  const kind = readKind(fields, type.isTemplate);
  const insecure = [fields.flag('insecure'), fields.flag('insecureIgnoreHostKey')].includes(true);
  const plainHttp = fields.flag('insecureOCIForceHttp');
  const { problems } = fields;
  if (urlPrefix === undefined) return { problems };
  if (!fields.isUsable) return { problems, urlPrefix };
  const read = texts.map((key) => [key, fields.text(key)] as const).filter(([, text]) => text !== undefined);
  const rest = Object.fromEntries(read) as Partial<Record<(typeof texts)[number], string>>;
  const access = {
    ...rest,
    ...type,
    ...(kind === undefined ? {} : { kind }),
    urlPrefix,
    insecure,
    plainHttp,
  };
  return { problems, urlPrefix, access: { secret: nameOf(refOf(secret)), ...access } };
}

function checkKnown(fields: SecretFields, key: string): void {
  const refusal = unsupported.find(([pattern]) => pattern.test(key));
  if (refusal !== undefined) {
    // A field that is empty or off asks for nothing.
    const isOff = /^(?:0|f|false)?$/i.test(fields.text(key) ?? '');
    if (!isOff) fields.report('Unsupported', `data.${key}`, [refusal[1], refusal[2]]);
  } else if (!known.includes(key)) {
    fields.report('UnknownField', `data.${key}`, [
      'is no field of a repository Secret',
      'remove it, or correct its name',
    ]);
  }
}

function readUrl(fields: SecretFields): string | undefined {
  const url = fields.text('url')?.trim() ?? '';
  if (url === '') fields.report('InvalidSpec', 'data.url', ['is missing', "write the repository's URL"]);
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]*:[^/]*@/i.test(url))
    fields.report('InvalidSpec', 'data.url', [
      'has a password in it',
      'write it as data.username and data.password',
    ]);
  // Reported or not, a password goes no further with the URL.
  return url === '' ? undefined : url.replace(/(\/\/[^/:]*):[^/]*@/, '$1@');
}

function readKind(fields: SecretFields, isTemplate: boolean): RepositoryKind | undefined {
  const type = fields.text('type')?.trim().toLowerCase();
  if (fields.flag('enableOCI') && (type === undefined || type === 'helm')) return 'oci';
  if (type === undefined) return isTemplate ? undefined : 'git';
  const kind = (['git', 'helm', 'oci'] as const).find((each) => each === type);
  if (kind === undefined)
    fields.report('Unsupported', 'data.type', [
      'is no type of repository that Belay reads',
      'use one of: git, helm, oci',
    ]);
  return kind;
}
