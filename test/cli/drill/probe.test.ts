import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lossOf, startProbe } from '../../../src/cli/drill/probe';
import { until } from '../../support/until';

let server: Server;
let url: string;
let status: number | 'none';

beforeEach(async () => {
  status = 200;
  server = createServer((_request, response) => {
    if (status === 'none') response.destroy();
    else response.writeHead(status, { location: '/' }).end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test.each<[number | 'none', string | undefined]>([
  [200, undefined],
  [302, undefined],
  [404, undefined],
  [500, 'status 500'],
  [503, 'status 503'],
])('an answer with %s is counted as: %s', async (given, loss) => {
  status = given;
  expect(await lossOf(url)).toBe(loss);
});

test('no answer is a loss, and said', async () => {
  status = 'none';
  expect(await lossOf(url)).toMatch(/closed|socket|hang up|reset/i);
});

test('requests are sent one after the other, and what is lost is counted', async () => {
  const probe = startProbe(url);
  await until('some were answered', () => probe.count().sent >= 3);
  expect(probe.count().lost).toBe(0);
  status = 503;
  await until('some were lost', () => probe.count().lost >= 2);
  const { sent, lost, firstLoss } = await probe.stop();
  expect(firstLoss).toBe('status 503');
  expect(sent).toBeGreaterThanOrEqual(3 + lost - 1);
  expect((await probe.stop()).sent).toBe(sent);
});
