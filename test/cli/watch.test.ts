import { ClientError } from '../../src/client/client-error';
import { watch, type Frame } from '../../src/cli/output/watch';
import type { CliContext } from '../../src/cli/context';

interface Screen {
  readonly cli: CliContext;
  readonly written: string[];
  readonly interrupt: () => void;
  readonly listening: () => boolean;
}

function screen(size?: { readonly columns: number; readonly rows: number }): Screen {
  const written: string[] = [];
  let stop: (() => void) | undefined;
  const stdout = {
    write: (text: string) => written.push(text),
    ...(size === undefined ? {} : { isTTY: true, ...size }),
  };
  const onInterrupt = (handler: () => void) => {
    stop = handler;
    return () => (stop = undefined);
  };
  const cli = { stdout, onInterrupt } as unknown as CliContext;
  return { cli, written, interrupt: () => stop?.(), listening: () => stop !== undefined };
}

/** Looks that give these frames one after the other; `undefined` fails as a worker that is away. */
function looks(...frames: readonly (Frame | undefined)[]): () => Promise<Frame> {
  const queue = [...frames];
  return async () => {
    const frame = queue.shift();
    if (frame === undefined) throw new ClientError('NoWorker', 'no worker answered');
    return frame;
  };
}

test('draws each frame over the one before and gives the cursor back', async () => {
  const { cli, written } = screen({ columns: 20, rows: 10 });
  const code = await watch(cli, looks({ lines: ['one', 'two'] }, { lines: ['three'], exitCode: 1 }), 1);
  expect(code).toBe(1);
  expect(written).toEqual([
    '\u001b[?25l\rone\u001b[K\ntwo\u001b[K\n\u001b[J',
    '\u001b[2A\rthree\u001b[K\n\u001b[J',
    '\r\u001b[K\u001b[?25h',
  ]);
});

test('cuts what does not fit the screen, colours not counted', async () => {
  const { cli, written } = screen({ columns: 6, rows: 4 });
  await watch(cli, looks({ lines: ['\u001b[32mabcdefgh\u001b[39m', 'b', 'c', 'd'], exitCode: 0 }), 1);
  expect(written[0]).toBe(
    '\u001b[?25l\r\u001b[32mabcde\u001b[39m…\u001b[K\nb\u001b[K\n… 2 m…\u001b[K\n\u001b[J',
  );
});

test('prints only lines that change where nobody can draw', async () => {
  const { cli, written } = screen();
  await watch(
    cli,
    looks({ lines: ['a', '', 'b'] }, { lines: ['a', 'c'] }, { lines: ['a', 'c'], exitCode: 0 }),
    1,
  );
  expect(written).toEqual(['a\nb\n', 'c\n']);
});

test('keeps the last frame while no worker answers', async () => {
  const { cli, written } = screen();
  await watch(cli, looks({ lines: ['a'] }, undefined, undefined, { lines: ['b'], exitCode: 0 }), 1);
  expect(written).toEqual(['a\n', '⚠ no worker answered; waiting\n', 'b\n']);
});

test('fails when there never was a frame', async () => {
  const { cli, listening } = screen();
  await expect(watch(cli, looks(undefined), 1)).rejects.toThrow('no worker answered');
  expect(listening()).toBe(false);
});

test('ends with 0 at Ctrl-C', async () => {
  const { cli, written, interrupt, listening } = screen({ columns: 20, rows: 10 });
  const watching = watch(cli, async () => ({ lines: ['a'] }), 60_000);
  await new Promise(setImmediate);
  interrupt();
  expect(await watching).toBe(0);
  expect(written.at(-1)).toBe('\r\u001b[K\u001b[?25h');
  expect(listening()).toBe(false);
});
