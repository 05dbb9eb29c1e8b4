import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimit } from '../../src/server/rate';
import { debouncedLooks } from '../../src/server/looks';
import type { Heard } from '../../src/domain/webhooks/concerns';
import { githubPush, rawRequest, startScene } from './sending';

const many = { perSecond: 1_000, burst: 1_000 };

test('who sends too often is told so, others are let in', async () => {
  const limits = { bodyBytes: 10_000, perAddress: { perSecond: 0.01, burst: 2 }, overall: many, atOnce: 32 };
  const scene = await startScene({ limits, trustProxy: true });
  const from = async (address: string): Promise<number> => {
    const push = githubPush();
    const headers = { ...push.headers, 'x-forwarded-for': `203.0.113.9, ${address}` };
    return (await fetch(scene.url, { ...push, headers })).status;
  };
  expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1')]).toEqual([
    202, 202, 429,
  ]);
  expect(await from('192.0.2.2')).toBe(202);
  expect(scene.looks).toHaveLength(3);
  await scene.close();
});

test('all together may send so often', async () => {
  const limits = { bodyBytes: 10_000, perAddress: many, overall: { perSecond: 0.01, burst: 1 }, atOnce: 32 };
  const scene = await startScene({ limits });
  expect((await fetch(scene.url, githubPush())).status).toBe(202);
  const refused = await fetch(scene.url, githubPush());
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  await scene.close();
});

const head =
  'POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\ncontent-length: 5000\r\n';

test('only so many bodies are held at the same time', async () => {
  const limits = { bodyBytes: 10_000, perAddress: many, overall: many, atOnce: 1 };
  const scene = await startScene({ limits, requestMs: 60_000 });
  let finish: () => void = () => undefined;
  const slow = rawRequest(scene.receiver.port, (send) => {
    send(`${head}connection: close\r\n\r\n{`);
    finish = () => send(' '.repeat(4999));
  });
  // It may arrive after a quick one, so ask until it is there.
  for (let status = 0; status !== 429;) ({ status } = await fetch(scene.url, githubPush()));
  finish();
  expect(await slow).toMatch(/^HTTP\/1\.1 401 /);
  expect((await fetch(scene.url, githubPush())).status).toBe(202);
  await scene.close();
});

test('a body that never ends is cut off', async () => {
  const scene = await startScene({ requestMs: 300 });
  let timer: NodeJS.Timeout | undefined;
  const said = await rawRequest(scene.receiver.port, (send) => {
    send(`${head}\r\n`);
    timer = setInterval(() => send(' '), 50);
  });
  clearInterval(timer);
  expect(said).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  expect(scene.looks).toEqual([]);
  await scene.close();
});

test('headers that never end are cut off', async () => {
  const scene = await startScene({ requestMs: 300 });
  let timer: NodeJS.Timeout | undefined;
  const said = await rawRequest(scene.receiver.port, (send) => {
    send('POST /webhook HTTP/1.1\r\nhost: x\r\n');
    timer = setInterval(() => send('x-a: b\r\n'), 50);
  });
  clearInterval(timer);
  expect(said).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  await scene.close();
});

test('what cannot be handed over is answered with 503, for the forge to try again', async () => {
  const scene = await startScene({ look: () => Promise.reject(new Error('no connection')) });
  expect((await fetch(scene.url, githubPush())).status).toBe(503);
  expect(scene.lines.join('\n')).toMatch(/the next poll will see it: no connection/);
  await scene.close();
});

test('a rate is refilled with time, and remembers only so many keys', () => {
  const rate = new RateLimit({ perSecond: 2, burst: 2 }, 2);
  expect([rate.take('a', 0), rate.take('a', 0), rate.take('a', 400), rate.take('a', 600)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect([rate.take('b', 600), rate.take('c', 600), rate.take('a', 600), rate.take('a', 600)]).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

describe('hints to one repository', () => {
  function scene(everyMs: number) {
    const told: (Heard & { readonly url: string })[] = [];
    const look = debouncedLooks(async (url, heard) => {
      told.push({ url, ...heard });
      return true;
    }, everyMs);
    return { told, look };
  }
  const main = { refs: ['refs/heads/main'], defaultBranch: 'main' };

  test('become one while the last one is fresh, with all their refs, and each waits for it', async () => {
    const { told, look } = scene(100);
    const answers = [
      look('https://forge.example/acme/shop', main),
      look('git@forge.example:acme/shop.git', main),
      look('https://forge.example/acme/shop', { refs: ['refs/tags/v1'], defaultBranch: 'main' }),
      look('https://forge.example/acme/other', main),
    ];
    expect(told.map(({ url }) => url)).toEqual([
      'https://forge.example/acme/shop',
      'https://forge.example/acme/other',
    ]);
    expect(await Promise.all(answers)).toEqual([true, true, true, true]);
    expect(told.slice(2)).toEqual([
      {
        url: 'git@forge.example:acme/shop.git',
        refs: ['refs/heads/main', 'refs/tags/v1'],
        defaultBranch: 'main',
      },
    ]);
  });

  test('are told again after a while', async () => {
    const { told, look } = scene(20);
    await look('https://forge.example/acme/shop', main);
    await sleep(25);
    await look('https://forge.example/acme/shop', main);
    expect(told).toHaveLength(2);
  });

  test('name no refs when one of them does not, or when there are too many', async () => {
    const { told, look } = scene(20);
    const url = 'https://forge.example/acme/shop';
    const refs = Array.from({ length: 51 }, (_, index) => `refs/heads/${index}`);
    await Promise.all([look(url, { refs }), look(url, main), look(url, { refs: [] })]);
    expect(told.map((each) => each.refs)).toEqual([[], []]);
  });

  test('that fail are reported to all who wait, and the next one is tried', async () => {
    let fails = true;
    const look = debouncedLooks(
      () => (fails ? Promise.reject(new Error('down')) : Promise.resolve(true)),
      20,
    );
    const url = 'https://forge.example/acme/shop';
    const answers = await Promise.allSettled([look(url, main), look(url, main), look(url, main)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    fails = false;
    expect(await look(url, main)).toBe(true);
  });
});
