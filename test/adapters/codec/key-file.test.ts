import { newKeyLine } from '../../../src/adapters/codec/new-key';
import { readKeyFile } from '../../../src/adapters/codec/key-file';
import { openKeyRing } from '../../../src/adapters/codec/key-ring';
import { createKeyFile, keyLine } from '../../support/payload-keys';

const sandbox = createKeyFile();
afterAll(() => sandbox.remove());

test('reads keys, the first of them first, and skips comments', () => {
  sandbox.write(['# newest first', keyLine('new', 2), '', keyLine('old', 1)]);
  const { keys, warnings } = readKeyFile(sandbox.file);
  expect(keys.map(({ id, bytes }) => [id, bytes[0], bytes.length])).toEqual([
    ['new', 2, 32],
    ['old', 1, 32],
  ]);
  expect(warnings).toEqual([]);
});

test('reads the line that new-key prints, which is another one each time', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const lines = [newKeyLine(now), newKeyLine(now)];
  sandbox.write(lines);
  const [one, other] = readKeyFile(sandbox.file).keys;
  expect(one.id).toMatch(/^2026-11-23-[0-9a-f]{6}$/);
  expect(one.bytes.equals(other?.bytes ?? one.bytes)).toBe(false);
});

const secret = Buffer.alloc(31, 7).toString('base64');
test.each([
  ['no key', ['# nothing'], 'holds no key'],
  ['a key that is too short', [`short ${secret}`], 'line 1 is no id with 32 bytes in Base64 behind it'],
  ['a key without an id', [keyLine('', 3).trim()], 'line 1 is no id'],
  ['a key that is no Base64', [keyLine('ok', 3), `bad ${'%'.repeat(44)}`], 'line 2 is no id'],
  ['two keys of one id', [keyLine('a', 3), keyLine('a', 4)], 'line 2 has the id a of another key'],
])('refuses a file with %s, and shows none of it', (_what, lines, message) => {
  sandbox.write(lines);
  expect(() => readKeyFile(sandbox.file)).toThrow(message);
  expect(() => readKeyFile(sandbox.file)).not.toThrow(secret.slice(0, 10));
});

test.each([
  [0o644, /may be read or changed by others \(mode 644\); chmod 600 it/],
  [0o604, /may be read or changed by others \(mode 604\)/],
  [0o660, /may be read or changed by others \(mode 660\)/],
])('refuses a file of mode %o', (mode, message) => {
  sandbox.write([keyLine('a', 1)], mode);
  expect(() => readKeyFile(sandbox.file)).toThrow(message);
});

test('warns, once, of a file that its group may read: a mounted Secret is such a one', () => {
  sandbox.write([keyLine('a', 1)], 0o440);
  const said: string[] = [];
  const ring = openKeyRing(sandbox.file, (line) => said.push(line));
  ring.find('b');
  expect(said).toEqual([`payload keys: ${sandbox.file} may be read by its group, too`]);
});

test('says what to do where there is no file', () => {
  expect(() => readKeyFile('/nowhere/keys')).toThrow(
    'the file of payload keys /nowhere/keys cannot be read: ENOENT; make one with: (umask 077; belay codec new-key > FILE)',
  );
});
