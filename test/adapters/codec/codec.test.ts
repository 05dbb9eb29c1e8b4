import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { encryptingCodec, plainCodec } from '../../../src/adapters/codec/codec';
import { openKeyRing, type KeyRing } from '../../../src/adapters/codec/key-ring';
import { createKeyFile, keyLine } from '../../support/payload-keys';

const sandbox = createKeyFile();
afterAll(() => sandbox.remove());

const [first, second] = [keyLine('first', 1), keyLine('second', 2)];
const values = ['a message text', { nested: [1, null, 'ü'] }, new Uint8Array([0, 255]), undefined, ''];
const payloads = values.map((value) => defaultPayloadConverter.toPayload(value));

function ringOf(...lines: readonly string[]): KeyRing {
  sandbox.write(lines);
  return openKeyRing(sandbox.file, () => undefined);
}

function texts(given: readonly Payload[]): string {
  return given.map(({ metadata, data }) => JSON.stringify([metadata, data])).join();
}

const plain = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);

test('gives back what it encrypted, in order, and lets nothing of it be read', async () => {
  const codec = encryptingCodec(ringOf(first));
  const encoded = await codec.encode(payloads);
  expect(encoded.map(({ metadata }) => Buffer.from(metadata?.['encoding'] ?? []).toString())).toEqual(
    values.map(() => 'binary/encrypted'),
  );
  expect(
    encoded.map(({ metadata }) => Buffer.from(metadata?.['encryption-key-id'] ?? []).toString()),
  ).toEqual(values.map(() => 'first'));
  for (const { data } of encoded) expect(Buffer.from(data ?? []).includes('message text')).toBe(false);
  expect((await codec.decode(encoded)).map(plain)).toEqual(values);
  expect(await codec.encode([])).toEqual([]);
});

test('never encrypts to the same bytes twice', async () => {
  const codec = encryptingCodec(ringOf(first));
  const [[one], [other]] = await Promise.all([codec.encode(payloads), codec.encode(payloads)]);
  expect(texts(one === undefined ? [] : [one])).not.toBe(texts(other === undefined ? [] : [other]));
});

test('after a rotation the newest key encrypts and the old one still reads', async () => {
  const before = await encryptingCodec(ringOf(first)).encode(payloads);
  const after = encryptingCodec(ringOf(second, first));
  expect((await after.decode(before)).map(plain)).toEqual(values);
  const [newest] = await after.encode(payloads.slice(0, 1));
  expect(Buffer.from(newest?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('second');
});

test('a key that is added to the file is found by a process that runs', async () => {
  const after = await encryptingCodec(ringOf(second, first)).encode(payloads);
  jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(60_000);
  const running = encryptingCodec(ringOf(first));
  sandbox.write([second, first]);
  expect((await running.decode(after)).map(plain)).toEqual(values);
  jest.restoreAllMocks();
});

test('an unknown key is named by its id, in one line', async () => {
  const encoded = await encryptingCodec(ringOf(second)).encode(payloads);
  const error: unknown = await encryptingCodec(ringOf(first))
    .decode(encoded)
    .catch((thrown: unknown) => thrown);
  expect((error as Error).message).toBe(
    'what Temporal holds is encrypted with the key second, which the key file does not have; add that key to the file; it may stand below the one that encrypts',
  );
  expect((error as Error).stack?.split('\n')).toHaveLength(1);
});

test.each([
  [
    'a bit of its data',
    ({ data }: Payload) => Buffer.from(data ?? []).map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
  ],
  ['its end', ({ data }: Payload) => Buffer.from(data ?? []).subarray(0, -1)],
  ['everything', () => Buffer.alloc(0)],
])('refuses a payload of which %s was changed', async (_what, change) => {
  const codec = encryptingCodec(ringOf(first));
  const [payload] = await codec.encode(payloads);
  if (payload === undefined) throw new Error('nothing was encoded');
  await expect(codec.decode([{ ...payload, data: change(payload) }])).rejects.toThrow(
    'cannot be decrypted with the key first: it was changed',
  );
});

test('refuses a payload that was given the id of another key', async () => {
  const [payload] = await encryptingCodec(ringOf(first)).encode(payloads);
  const metadata = { ...payload?.metadata, 'encryption-key-id': Buffer.from('renamed') };
  const codec = encryptingCodec(ringOf(first.replace('first', 'renamed')));
  await expect(codec.decode([{ ...payload, metadata }])).rejects.toThrow('with the key renamed');
});

test('shows no id that could be anything', async () => {
  const metadata = {
    encoding: Buffer.from('binary/encrypted'),
    'encryption-key-id': Buffer.from('a b\u001b[31m'),
  };
  await expect(encryptingCodec(ringOf(first)).decode([{ metadata }])).rejects.toThrow('(no valid id)');
});

test('reads what was written before there were keys', async () => {
  expect(await encryptingCodec(ringOf(first)).decode(payloads)).toEqual(payloads);
});

test('without keys it leaves payloads as they are, and tells of encrypted ones what to do', async () => {
  const told: string[] = [];
  const codec = plainCodec(({ message }) => told.push(message));
  expect(await codec.decode(await codec.encode(payloads))).toEqual(payloads);
  const encoded = await encryptingCodec(ringOf(first)).encode(payloads);
  await expect(codec.decode(encoded)).rejects.toThrow('encrypted with the key first, and no keys were given');
  expect(told).toEqual([
    expect.stringMatching(/; name the key file with --payload-keys FILE or BELAY_PAYLOAD_KEYS_FILE$/),
  ]);
});
