import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { defaultPayloadConverter } from '@temporalio/common';
import { startCodecServer, type CodecServer } from '../../src/server/codec-server';
import { createKeyFile, keyLine } from '../support/payload-keys';

const ui = 'http://localhost:8233';
const sandbox = createKeyFile();
const tokenFile = `${sandbox.file}.token`;
let open: CodecServer;
let guarded: CodecServer;

beforeAll(async () => {
  sandbox.write([keyLine('first', 1)]);
  writeFileSync(tokenFile, 'abc-token\n');
  const common = { port: 0, host: '127.0.0.1', payloadKeys: sandbox.file, origin: [ui] };
  [open, guarded] = await Promise.all([startCodecServer(common), startCodecServer({ ...common, tokenFile })]);
});
afterAll(async () => {
  await Promise.all([open.close(), guarded.close()]);
  sandbox.remove();
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: () => unknown;
}

/** Node's own client: unlike `fetch` it lets a test say Host and Origin. */
function ask(
  server: CodecServer,
  path: string,
  { method = 'POST', headers = {}, body }: Asked = {},
): Promise<Answered> {
  const json = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: server.port, path, method, headers: { ...json, ...headers } };
    const sent = request(to, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          json: () => JSON.parse(Buffer.concat(chunks).toString()) as unknown,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** As Temporal's UI and CLI send payloads: Protobuf's JSON. */
function shown(value: unknown): string {
  const { metadata, data } = defaultPayloadConverter.toPayload(value);
  const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return JSON.stringify({
    payloads: [{ metadata: { encoding: text(metadata?.['encoding']) }, data: text(data) }],
  });
}

test('decodes what it has encoded, in the form of the UI', async () => {
  const given = shown({ answer: 42 });
  const encoded = await ask(open, '/encode', {
    body: given,
    headers: { origin: ui, 'x-namespace': 'default' },
  });
  expect(encoded).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': ui } });
  const text = JSON.stringify(encoded.json());
  expect(text).not.toContain((JSON.parse(given) as { payloads: [{ data: string }] }).payloads[0].data);
  const decoded = await ask(open, '/decode', { body: text });
  expect(decoded.json()).toEqual(JSON.parse(given));
});

test('lets the browser of the UI ask before it sends', async () => {
  const answered = await ask(open, '/decode', {
    method: 'OPTIONS',
    headers: {
      origin: ui,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-namespace',
      'access-control-request-private-network': 'true',
    },
  });
  expect(answered).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': ui,
      'access-control-allow-headers': 'authorization, content-type, x-namespace',
      'access-control-allow-private-network': 'true',
    },
  });
});

test.each<[string, string, Asked, number, RegExp]>([
  ['another page', '/decode', { headers: { origin: 'https://evil.example' } }, 403, /--origin/],
  [
    'a name that was made to mean this machine',
    '/decode',
    { headers: { host: 'evil.example' } },
    403,
    /localhost/,
  ],
  ['what a page may send unasked', '/decode', { headers: { 'content-type': 'text/plain' } }, 415, /json/],
  ['another path', '/keys', {}, 404, /\/encode and \/decode/],
  ['a GET', '/decode', { method: 'GET' }, 405, /POST/],
  ['no JSON', '/decode', { body: '{' }, 400, /no JSON of the form/],
  ['no payloads', '/decode', { body: '{"payloads": 3}' }, 400, /no JSON of the form/],
  [
    'data that are no Base64',
    '/decode',
    { body: '{"payloads": [{"data": "%"}]}' },
    400,
    /no JSON of the form/,
  ],
  [
    'a body without end',
    '/decode',
    { headers: { 'content-length': '99999999' }, body: '{}' },
    413,
    /longer than/,
  ],
])('refuses %s', async (_what, path, asked, status, message) => {
  const answered = await ask(open, path, asked);
  expect(answered.status).toBe(status);
  expect(answered.json()).toEqual({ message: expect.stringMatching(message) });
});

test('says which key it lacks', async () => {
  const lines = {
    metadata: { encoding: btoa('binary/encrypted'), 'encryption-key-id': btoa('gone') },
    data: 'AAAA',
  };
  const answered = await ask(open, '/decode', { body: JSON.stringify({ payloads: [lines] }) });
  expect([answered.status, answered.json()]).toEqual([
    400,
    { message: expect.stringMatching(/encrypted with the key gone, which the key file does not have/) },
  ]);
});

test.each([
  ['no token', {}, 401],
  ['another token', { authorization: 'Bearer abc-tokem' }, 401],
  ['the token', { authorization: 'Bearer abc-token' }, 200],
  [
    'the token, by another name of the machine',
    { authorization: 'Bearer abc-token', host: 'codec.example' },
    200,
  ],
])('with a token file and %s', async (_what, headers, status) => {
  expect((await ask(guarded, '/decode', { body: '{"payloads": []}', headers })).status).toBe(status);
});

test.each([
  ['an address that others reach', { host: '0.0.0.0' }, /could read all payloads/],
  ['a token file that is not there', { tokenFile: '/nowhere' }, /there is no token in \/nowhere/],
  ['no keys', { payloadKeys: '' }, /without keys there is nothing to decode/],
  ['keys that are not there', { payloadKeys: '/nowhere' }, /\/nowhere cannot be read: ENOENT/],
])('does not start with %s', async (_what, more, message) => {
  const options = { port: 0, host: '127.0.0.1', payloadKeys: sandbox.file, ...more };
  await expect(startCodecServer(options)).rejects.toThrow(message);
});
