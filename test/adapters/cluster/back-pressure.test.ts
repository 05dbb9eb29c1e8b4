import { KubeConfig } from '@kubernetes/client-node';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Connection, fixed } from '../../../src/adapters/cluster/connection';
import { createRest } from '../../../src/adapters/cluster/rest';
import { until } from '../../support/until';

let server: Server;
let answer: (response: ServerResponse) => void;
let connection: Connection;

beforeAll(async () => {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'c',
        server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        skipTLSVerify: true,
      },
    ],
    users: [{ name: 'u' }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  connection = fixed(config);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const call = { method: 'GET', path: '/api/v1/pods', what: 'list Pods' } as const;

test('an API server gets 64 requests at once, whoever they are made as, and the others after them', async () => {
  const open: ServerResponse[] = [];
  answer = (response) => void open.push(response);
  const own = createRest(connection);
  const other = createRest(connection, 'system:serviceaccount:shop:deployer');
  const all = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? own : other)(call));
  await until('64 are there', () => open.length >= 64);
  await new Promise(setImmediate);
  expect(open).toHaveLength(64);
  answer = (response) => response.end('{}');
  for (const response of open) response.end('{}');
  expect(await Promise.all(all)).toHaveLength(100);
});

test('what the server has no time for says when it may be asked again', async () => {
  answer = (response) => {
    response.writeHead(429, { 'retry-after': '7' });
    response.end('{}');
  };
  await expect(createRest(connection)(call)).rejects.toMatchObject({
    code: 'Throttled',
    retry: 'after',
    afterMs: 7_000,
  });
});
