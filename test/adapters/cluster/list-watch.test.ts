import { KubeConfig } from '@kubernetes/client-node';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixed } from '../../../src/adapters/cluster/connection';
import { createRest } from '../../../src/adapters/cluster/rest';
import { createWatcher } from '../../../src/adapters/cluster/watcher';
import { until } from '../../support/until';

/** What the server does with one watch request. */
type Answer = (response: ServerResponse) => void;

const event = (type: string, name: string, resourceVersion: number): string =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion: String(resourceVersion) } } })}\n`;
const expired = '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n';
const stays: Answer = (response) => void response.write(event('BOOKMARK', '', 90));

describe('a list and watch', () => {
  let server: Server;
  const stop = { current: new AbortController() };
  afterEach(() => {
    stop.current.abort();
    server.closeAllConnections();
    server.close();
  });

  /** Follows an API server that answers watches as told, and says what was asked and what was seen. */
  async function follow(...answers: readonly Answer[]): Promise<readonly string[]> {
    const seen: string[] = [];
    let watches = 0;
    server = createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      if (query.get('watch') !== 'true') {
        response.setHeader('content-type', 'application/json');
        const items = [{ metadata: { name: 'listed', resourceVersion: '5' } }];
        return void response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items }));
      }
      seen.push(`watch from ${query.get('resourceVersion')}`);
      (answers[watches++] ?? stays)(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const config = new KubeConfig();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    config.loadFromClusterAndUser({ name: 'c', server: url, skipTLSVerify: true }, { name: 'u' });
    stop.current = new AbortController();
    void createWatcher(fixed(config))(createRest(fixed(config)), {
      path: '/api/v1/namespaces/shop/services',
      kind: { apiVersion: 'v1', kind: 'Service' },
      signal: stop.current.signal,
      onList: (objects) =>
        seen.push(`list of ${objects.map((each) => `${each.kind} ${each.metadata.name}`).join()}`),
      onEvent: (type, object) => seen.push(`${type} ${object.kind} ${object.metadata.name}`),
      onError: () => seen.push('error'),
    });
    await until('it watches for good', () => watches > answers.length);
    return seen;
  }

  it.each<readonly [string, Answer, readonly string[]]>([
    [
      'lists again when its version has expired (in the stream)',
      (response) => void response.end(expired),
      ['list of Service listed', 'watch from 7'],
    ],
    [
      'lists again when its version has expired (in a stream that stays open)',
      (response) => void response.write(expired),
      ['list of Service listed', 'watch from 7'],
    ],
    [
      'lists again when its version has expired (by status)',
      (response) => void response.writeHead(410).end('{}'),
      ['list of Service listed', 'watch from 7'],
    ],
    [
      'lists again when the connection breaks',
      (response) => {
        response.write(event('ADDED', 'a', 8), () => response.destroy());
      },
      ['ADDED Service a', 'error', 'list of Service listed', 'watch from 7'],
    ],
    [
      'goes on from the last event when the server ends the stream',
      (response) => void response.end(event('ADDED', 'a', 8) + event('DELETED', 'a', 9)),
      ['ADDED Service a', 'DELETED Service a', 'watch from 9'],
    ],
    [
      'goes on from a bookmark',
      (response) => void response.end(event('BOOKMARK', '', 42)),
      ['watch from 42'],
    ],
    [
      'tells of a server error and tries again',
      (response) => void response.writeHead(503).end('{}'),
      ['error', 'list of Service listed', 'watch from 7'],
    ],
  ])('%s', async (_name, answer, then) => {
    expect(await follow(answer)).toEqual(['list of Service listed', 'watch from 7', ...then]);
  });
});
