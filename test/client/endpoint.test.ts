import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBelay } from '../../src/client';
import { findEndpoint } from '../../src/client/endpoint';

const noFiles = { TEMPORAL_CONFIG_FILE: '/nonexistent' };

function directoryWith(devFile: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'belay-endpoint-'));
  mkdirSync(join(dir, '.belay'));
  mkdirSync(join(dir, 'services', 'web'), { recursive: true });
  writeFileSync(join(dir, '.belay', 'dev.json'), devFile);
  return join(dir, 'services', 'web');
}

test('takes the address and namespace of the environment first', () => {
  const dir = directoryWith('{"address":"127.0.0.1:1111"}');
  const env = { ...noFiles, TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'prod' };
  expect(findEndpoint(env, dir)).toEqual({
    address: 'temporal.example:7233',
    namespace: 'prod',
    source: 'configuration',
    security: {},
  });
});

test('turns TLS on with an API key', () => {
  const env = { ...noFiles, TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_API_KEY: 'key' };
  expect(findEndpoint(env, tmpdir()).security).toEqual({ apiKey: 'key', tls: true });
});

test('reads a profile file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'belay-profile-')), 'temporal.toml');
  writeFileSync(file, '[profile.default]\naddress = "profile.example:7233"\nnamespace = "team"\n');
  const found = findEndpoint({ TEMPORAL_CONFIG_FILE: file }, tmpdir());
  expect(found).toMatchObject({
    address: 'profile.example:7233',
    namespace: 'team',
    source: 'configuration',
  });
});

test('finds what `belay dev` wrote in a parent directory', () => {
  const dir = directoryWith('{"address":"127.0.0.1:1111","uiUrl":"http://127.0.0.1:2222"}');
  expect(findEndpoint(noFiles, dir)).toEqual({
    address: '127.0.0.1:1111',
    namespace: 'default',
    uiUrl: 'http://127.0.0.1:2222',
    source: '.belay/dev.json',
    security: {},
  });
});

test('says that a dev file is broken', () => {
  const dir = directoryWith('{"addr');
  expect(() => findEndpoint(noFiles, dir)).toThrow(/dev\.json does not name the address/);
});

test('falls back to localhost', () => {
  const dir = mkdtempSync(join(tmpdir(), 'belay-none-'));
  expect(findEndpoint(noFiles, dir)).toMatchObject({ address: 'localhost:7233', source: 'default' });
});

test('says that a profile does not exist', () => {
  const env = { ...noFiles, TEMPORAL_PROFILE: 'staging' };
  expect(() => findEndpoint(env, tmpdir())).toThrow(/the Temporal configuration cannot be read/);
});

test('says that the server is not there, and what to do', async () => {
  const connecting = connectBelay({
    env: { ...noFiles, TEMPORAL_ADDRESS: '127.0.0.1:9' },
    connectWithinMs: 300,
  });
  await expect(connecting).rejects.toMatchObject({
    code: 'Unreachable',
    message: 'cannot reach Temporal at 127.0.0.1:9',
    remedy: expect.stringContaining('belay dev'),
  });
});
