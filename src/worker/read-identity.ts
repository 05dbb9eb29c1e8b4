import type { Signing } from '../adapters/git';
import type { Fields } from '../domain/fields';
import { reportUnknown } from '../domain/read-refusals';
import type { CommitIdentity } from './credential-file';
import { refuseSeveral, texts } from './credential-sources';

/** The field `identity`: who Belay is in commits, and how they are signed. */
export function readIdentity(fields: Fields | undefined): CommitIdentity | undefined {
  if (fields === undefined) return undefined;
  const { name, email } = texts(fields, ['name', 'email']);
  const commits = fields.oneOf('commits', ['push', 'forge'] as const);
  const signing = readSigning(fields.map('signing'));
  reportUnknown(fields);
  if ((name === undefined) !== (email === undefined))
    fields.invalid(name === undefined ? 'name' : 'email', 'is missing', { remedy: 'write both or none' });
  // What Git itself takes out of names, and what would end the line.
  if (name !== undefined && (/[<>\p{Cc}]/u.test(name) || name.trim() === ''))
    fields.invalid('name', 'is no name for commits', { remedy: 'write letters, without < and >' });
  if (email !== undefined && !/^[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+$/u.test(email))
    fields.invalid('email', 'is no mail address', { remedy: 'write one such as belay@example.com' });
  if (commits === 'forge' && signing !== undefined)
    fields.invalid('signing', 'is of no use with "commits": "forge"', {
      remedy: 'leave it out: the forge signs',
    });
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(commits === undefined ? {} : { commits }),
    ...(signing === undefined ? {} : { signing }),
  };
}

function readSigning(fields: Fields | undefined): Signing | undefined {
  if (fields === undefined) return undefined;
  const format = fields.oneOf('format', ['ssh', 'openpgp'] as const);
  const key = texts(fields, ['keyVariable', 'keyFile']);
  const passphrase = texts(fields, ['passphraseVariable', 'passphraseFile']);
  reportUnknown(fields);
  if (fields.raw('format') === undefined)
    fields.invalid('format', 'is missing', { remedy: 'write ssh or openpgp' });
  if (Object.keys(key).length === 0)
    fields.invalid('keyFile', 'or keyVariable must be named', {
      remedy: 'name where the private key lies; the key itself is not written here',
    });
  refuseSeveral(fields, Object.keys(key));
  refuseSeveral(fields, Object.keys(passphrase));
  return { format: format ?? 'ssh', ...key, ...passphrase };
}
