import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProblem } from '../../src/domain/problem';
import { openCredentialFile, readCredentialFile } from '../../src/worker/credential-file';

const github = { repo: 'https://github.com/acme', tokenFile: '/run/secrets/github' };
const app = { id: 7, privateKeyFile: '/run/secrets/app.pem' };

test('reads everything that a file may hold, as it is written', () => {
  const file = {
    read: [
      { repo: 'https://github.com/acme', app: { ...app, installationId: 12 } },
      {
        repo: 'https://ghe.example.com',
        app: { id: 'Iv1.abc', privateKeyVariable: 'KEY' },
        apiUrl: 'https://ghe.example.com/api/v3',
      },
      { tokenVariable: 'TOKEN', username: 'bot', allowHttp: true },
    ],
    write: [{ repo: 'git@git.example.com:ops', sshKeyFile: '/keys/a', knownHostsFile: '/keys/known_hosts' }],
    charts: [
      { repo: 'oci://ghcr.io/acme', username: 'bot', passwordFile: '/p', caFile: '/ca', insecure: false },
    ],
    forges: [
      { ...github, kind: 'github' },
      { repo: 'https://github.com/other', app },
    ],
    identity: {
      name: 'Belay',
      email: 'belay@example.com',
      commits: 'push',
      signing: { format: 'openpgp', keyFile: '/keys/key.asc', passphraseVariable: 'PASSPHRASE' },
    },
  };
  expect(readCredentialFile(JSON.stringify(file), 'git.json')).toEqual({ ok: true, value: file });
});

test('takes the file of Docker Compose, and one that says nothing', () => {
  expect(openCredentialFile('deploy/compose/git-credentials.json')).toEqual({ read: [], write: [] });
  expect(readCredentialFile('{}', 'git.json')).toEqual({ ok: true, value: {} });
});

test.each<[string, unknown, string]>([
  ['a list that is unknown', { reads: [] }, 'reads: unknown field; did you mean "read"?'],
  [
    'a field that is misspelled',
    { read: [{ ...github, tokenfile: '/x' }] },
    'read[0].tokenfile: unknown field',
  ],
  ['a token itself', { read: [{ ...github, token: 'hunter2' }] }, 'read[0].token: unknown field'],
  [
    'a token in place of a name',
    { write: [{ tokenVariable: 'ghp_hunter2hunter2' }] },
    'write[0].tokenVariable: is no name of an environment variable',
  ],
  [
    'a key in place of a name',
    { read: [{ app: { id: 7, privateKeyVariable: '-----BEGIN hunter2' } }] },
    'read[0].app.privateKeyVariable: is no name of an environment variable',
  ],
  ['a list that is none', { write: github }, 'write: must be a list, not a map'],
  ['an entry that is none', { read: ['hunter2'] }, 'read[0]: must be a map of fields, not a text'],
  [
    'an entry without a credential',
    { read: [{ repo: 'https://github.com' }] },
    'read[0].tokenFile: or another credential must be named',
  ],
  [
    'two credentials',
    { write: [{ ...github, app }] },
    'write[0].app: stands beside tokenFile; name one of them',
  ],
  [
    'a user name beside an App',
    { write: [{ app, username: 'bot' }] },
    'write[0].username: is of no use with app',
  ],
  [
    'an API without an App',
    { write: [{ ...github, apiUrl: 'https://x' }] },
    'write[0].apiUrl: is of no use without app',
  ],
  ['an App without an id', { read: [{ app: { privateKeyFile: '/k' } }] }, 'read[0].app.id: is missing'],
  ['an App with something for an id', { read: [{ app: { ...app, id: 1.5 } }] }, 'read[0].app.id: is no id'],
  [
    'an App without a key',
    { read: [{ app: { id: 7 } }] },
    'read[0].app.privateKeyFile: or privateKeyVariable must be named',
  ],
  [
    'an App with an unknown field',
    { read: [{ app: { ...app, key: 'hunter2' } }] },
    'read[0].app.key: unknown field',
  ],
  ['a forge of no place', { forges: [{ tokenFile: '/t' }] }, 'forges[0].repo: is missing'],
  ['a forge of no kind', { forges: [{ ...github, kind: 'gitub' }] }, 'forges[0].kind: "gitub" is none of'],
  [
    'a forge without a credential',
    { forges: [{ repo: 'https://github.com' }] },
    'forges[0].tokenFile: or another credential',
  ],
  [
    'a chart with an unknown field',
    { charts: [{ repo: 'oci://x', password: 'hunter2' }] },
    'charts[0].password: unknown field',
  ],
  [
    'a name without an address',
    { identity: { name: 'Belay' } },
    'identity.email: is missing; write both or none',
  ],
  [
    'a name that Git would change',
    { identity: { name: 'Be<lay', email: 'a@b.c' } },
    'identity.name: is no name for commits',
  ],
  [
    'an address that is none',
    { identity: { name: 'Belay', email: 'belay' } },
    'identity.email: is no mail address',
  ],
  [
    'an identity with an unknown field',
    { identity: { signingKeyFile: '/k' } },
    'identity.signingKeyFile: unknown field',
  ],
  [
    'an unknown way of commits',
    { identity: { commits: 'api' } },
    'identity.commits: "api" is none of push, forge',
  ],
  [
    'a signature of no format',
    { identity: { signing: { keyFile: '/k' } } },
    'identity.signing.format: is missing',
  ],
  [
    'a signature of an unknown format',
    { identity: { signing: { format: 'x509', keyFile: '/k' } } },
    'identity.signing.format: "x509" is none of ssh, openpgp',
  ],
  [
    'a signature without a key',
    { identity: { signing: { format: 'ssh' } } },
    'identity.signing.keyFile: or keyVariable must be named',
  ],
  [
    'two keys',
    { identity: { signing: { format: 'ssh', keyFile: '/k', keyVariable: 'K' } } },
    'identity.signing.keyFile: stands beside keyVariable',
  ],
  [
    'a signature that the forge makes anyway',
    { forges: [github], identity: { commits: 'forge', signing: { format: 'ssh', keyFile: '/k' } } },
    'identity.signing: is of no use with "commits": "forge"',
  ],
  [
    'commits by a forge that is not named',
    { identity: { commits: 'forge' } },
    'identity: has "commits": "forge", and "forges" names none',
  ],
])('refuses %s by name, and shows no secret', (_, file, expected) => {
  const read = readCredentialFile(JSON.stringify(file), 'git.json');
  const told = read.ok ? [] : read.problems.map(describeProblem);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`git.json: ${expected}`);
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

test('names everything that is wrong at once', () => {
  const read = readCredentialFile(JSON.stringify({ read: [{ a: 1 }], write: [{ b: 1 }], c: 1 }), 'git.json');
  expect(read).toMatchObject({ ok: false, problems: { length: 5 } });
});

describe('a file that cannot be read', () => {
  const dir = mkdtempSync(join(tmpdir(), 'belay-credentials-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('is named, without what it holds', () => {
    const file = join(dir, 'git.json');
    expect(() => openCredentialFile(file)).toThrow(`cannot read the file of credentials ${file}: ENOENT`);
    writeFileSync(file, '{"read": hunter2');
    expect(() => openCredentialFile(file)).toThrow(/git\.json: this is no JSON; write \{"read"/);
    expect(() => openCredentialFile(file)).not.toThrow(/hunter2/);
  });
});

test.each([
  ['docs/credentials.md', 2],
  ['docs/forges.md', 1],
])('takes the examples of %s', (page, count) => {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)];
  expect(blocks).toHaveLength(count);
  for (const [, text = ''] of blocks) expect(readCredentialFile(text, page)).toMatchObject({ ok: true });
});
