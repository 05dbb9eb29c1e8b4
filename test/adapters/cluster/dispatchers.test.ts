import { KubeConfig } from '@kubernetes/client-node';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixed } from '../../../src/adapters/cluster/connection';
import { createRest } from '../../../src/adapters/cluster/rest';

let server: Server;
let connections: number;
let asked: IncomingHttpHeaders[];
beforeEach(async () => {
  connections = 0;
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface User {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
}

function configOf(user: User, serverName?: string): KubeConfig {
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cluster = {
    name: 'c',
    server: url,
    skipTLSVerify: true,
    ...(serverName === undefined ? {} : { tlsServerName: serverName }),
  };
  config.loadFromClusterAndUser(cluster, { name: 'u', ...user });
  return config;
}

function ask(config: KubeConfig, user?: string): Promise<unknown> {
  return createRest(fixed(config), user)({ method: 'GET', path: '/api', what: 'ask' });
}

test('requests share their connections, also those of other configurations and users of the same identity', async () => {
  const config = configOf({ token: 'first' });
  for (let turn = 0; turn < 5; turn += 1) await ask(config);
  await ask(configOf({ token: 'first' }));
  await ask(config, 'system:serviceaccount:shop:deployer');
  expect(asked).toHaveLength(7);
  // A connection may not be back yet when the next request comes.
  expect(connections).toBeLessThanOrEqual(2);
});

test('each request carries the credentials of its moment, and whom it acts as', async () => {
  await ask(configOf({ token: 'first' }));
  await ask(configOf({ token: 'second' }), 'somebody');
  await ask(configOf({ username: 'dana', password: 'secret' }));
  expect(asked.map(({ authorization }) => authorization)).toEqual([
    'Bearer first',
    'Bearer second',
    `Basic ${Buffer.from('dana:secret').toString('base64')}`,
  ]);
  expect(asked.map((headers) => headers['impersonate-user'])).toEqual([undefined, 'somebody', undefined]);
});

test('what is trusted otherwise has a connection of its own', async () => {
  await ask(configOf({ token: 'first' }, 'one.example'));
  await ask(configOf({ token: 'first' }, 'another.example'));
  expect(connections).toBe(2);
});
