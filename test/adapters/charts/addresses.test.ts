import type { LookupAddress, LookupOptions } from 'node:dns';
import { isLocalHost, lookupElsewhere } from '../../../src/adapters/charts/addresses';
import { networkError } from '../../../src/adapters/charts/errors';

function lookup(host: string, options: LookupOptions) {
  return new Promise<string | LookupAddress[]>((resolve, reject) =>
    lookupElsewhere(host, options, (error, address) => (error === null ? resolve(address) : reject(error))),
  );
}

test.each([{}, { all: true }, { family: 4 }])(
  'a name that means this machine is not looked up: %j',
  async (options) => {
    const error: unknown = await lookup('localhost', options).catch((caught: unknown) => caught);
    // As the connection reports it: one level down.
    expect(
      networkError(Object.assign(new Error('x'), { cause: error }), new URL('https://a.example.com/x?y')),
    ).toMatchObject({
      code: 'Forbidden',
      message: expect.stringMatching(
        /^https:\/\/a\.example\.com\/x is an address of the worker's own machine/,
      ),
    });
  },
);

test('other addresses are given in the form that is asked for', async () => {
  expect(await lookup('192.0.2.1', { all: true })).toEqual([{ address: '192.0.2.1', family: 4 }]);
  expect(await lookup('192.0.2.1', {})).toBe('192.0.2.1');
  expect(await lookup('2001:db8::1', {})).toBe('2001:db8::1');
});

test.each([
  'example.com',
  '10.0.0.1',
  '192.168.1.1',
  '8.8.8.8',
  '[2001:db8::1]',
  '[fd00::1]',
  '[::ffff:8.8.8.8]',
  'localhost.example.com',
])('%s is no address of this machine', (host) => {
  expect(isLocalHost(host)).toBe(false);
});
