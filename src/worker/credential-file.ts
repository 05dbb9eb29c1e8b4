import { readFileSync } from 'node:fs';
import type { ChartCredentialSource } from '../adapters/charts';
import type { ForgeSource } from '../adapters/forge';
import type { CredentialSource, Identity } from '../adapters/git';
import { ClientError } from '../client/client-error';
import { Fields } from '../domain/fields';
import { locate } from '../domain/located';
import { describeProblem, type Problem, type Read } from '../domain/problem';
import { isMap, kindOf } from '../domain/read-json';
import { reportUnknown } from '../domain/read-refusals';
import { readChartSource, readForgeSource, readGitSource } from './credential-sources';
import { readIdentity } from './read-identity';

/** The file that `--git-credentials` names: names of variables and files, never secrets. */
export interface CredentialFile {
  readonly read?: readonly CredentialSource[];
  readonly write?: readonly CredentialSource[];
  readonly charts?: readonly ChartCredentialSource[];
  readonly forges?: readonly ForgeSource[];
  readonly identity?: CommitIdentity;
}

/** Who Belay is in commits; what is absent is as without a file. */
export interface CommitIdentity extends Partial<Identity> {
  /** Who makes the commits of write-backs: Belay, which pushes them (default), or the forge, which signs them itself. */
  readonly commits?: 'push' | 'forge';
}

/** Reads the file. Throws ClientError with everything that is wrong with it, and no value of it. */
export function openCredentialFile(file: string): CredentialFile {
  const read = readCredentialFile(textOf(file), file);
  if (read.ok) return read.value;
  throw new ClientError('InvalidConfig', read.problems.map(describeProblem).join('\n  '));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ClientError('InvalidConfig', `cannot read the file of credentials ${file}: ${code}`, { cause });
  }
}

/** Reads the text of the file; an unknown field is a problem, as it might be a misspelled one that keeps somebody out. */
export function readCredentialFile(text: string, file: string): Read<CredentialFile> {
  const parsed = parse(text);
  if (!isMap(parsed)) {
    const message =
      parsed === undefined ? 'this is no JSON' : `must be a map of lists, not ${kindOf(parsed)}`;
    const remedy =
      'write {"read": [{"repo": "https://github.com/acme", "tokenFile": "/run/secrets/github"}]}';
    return { ok: false, problems: [{ code: 'InvalidSpec', message, file, remedy }] };
  }
  const problems: Problem[] = [];
  const located = locate({ apiVersion: 'v1', kind: 'credentials', metadata: { name: 'file' } }, file);
  const fields = new Fields({ located, problems }, [], parsed);
  const listOf = <T>(key: string, read: (entry: Fields) => T): readonly T[] | undefined =>
    fields.raw(key) === undefined ? undefined : fields.maps(key).map(read);
  const lists = {
    read: listOf('read', readGitSource),
    write: listOf('write', readGitSource),
    charts: listOf('charts', readChartSource),
    forges: listOf('forges', readForgeSource),
  };
  const identity = readIdentity(fields.map('identity'));
  if (identity?.commits === 'forge' && (lists.forges ?? []).length === 0)
    fields.invalid('identity', 'has "commits": "forge", and "forges" names none', {
      remedy: 'name the GitHub that makes the commits',
    });
  reportUnknown(fields);
  // Values are left out: somebody might have written the secret itself.
  const shown = problems.map(({ object: _object, line: _line, value: _value, ...problem }) => problem);
  if (shown.length > 0) return { ok: false, problems: shown };
  return { ok: true, value: defined({ ...lists, identity }) };
}

/** Without the fields that are undefined. */
function defined(file: {
  readonly [K in keyof CredentialFile]-?: CredentialFile[K] | undefined;
}): CredentialFile {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
