import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { belay, build, launcher, start } from './spawn-belay';

beforeAll(build, 120_000);

/** A directory with the launcher, a `dist/` that runs `program`, and a `node` package that is this Node. */
function installed(program: string): { readonly bin: string; readonly oldNode: readonly string[] } {
  const dir = mkdtempSync(join(tmpdir(), 'belay-launcher-'));
  const bin = join(dir, 'bin', 'belay.js');
  for (const part of ['bin', 'dist/src/cli', 'node_modules/node/bin'])
    mkdirSync(join(dir, part), { recursive: true });
  copyFileSync(launcher, bin);
  writeFileSync(join(dir, 'dist', 'src', 'cli', 'main.js'), `exports.main = () => { ${program} };`);
  writeFileSync(join(dir, 'node_modules', 'node', 'package.json'), '{"name":"node","version":"24.0.0"}');
  const beside = `#!/bin/sh\nBESIDE=yes exec "${process.execPath}" "$@"\n`;
  writeFileSync(join(dir, 'node_modules', 'node', 'bin', 'node'), beside, { mode: 0o755 });
  const pretend = join(dir, 'pretend.cjs');
  writeFileSync(pretend, `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });`);
  return { bin, oldNode: ['--require', pretend, bin] };
}

test('runs the compiled program', async () => {
  expect(await belay('--version')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^belay \d/),
    err: '',
  });
});

test('ends with 2 at bad usage', async () => {
  expect(await belay('statu web')).toMatchObject({
    code: 2,
    out: '',
    err: "error: unknown command 'statu'\n  try: belay status\n",
  });
});

test('ends with 1 when Temporal is not there', async () => {
  const ran = await belay('why web', { TEMPORAL_ADDRESS: '127.0.0.1:9' });
  expect(ran).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^error: cannot reach Temporal at 127\.0\.0\.1:9\n  try: /),
  });
});

test('ends when it has done its work, whatever still holds the process', async () => {
  const hold = join(mkdtempSync(join(tmpdir(), 'belay-launcher-')), 'hold.cjs');
  writeFileSync(hold, 'setInterval(() => undefined, 1_000);');
  expect(await start(['--require', hold, launcher, '--version']).ended).toMatchObject({
    code: 0,
    signal: null,
  });
});

test('says what to do when it is not built', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'belay-unbuilt-'));
  mkdirSync(join(dir, 'bin'));
  copyFileSync(launcher, join(dir, 'bin', 'belay.js'));
  const ran = await start([join(dir, 'bin', 'belay.js')]).ended;
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('try: run npm ci') });
});

test('an old Node starts the one beside the package, with arguments and exit code', async () => {
  const { oldNode } = installed(
    'console.log(process.env.BESIDE, process.argv.slice(2).join()); process.exitCode = 3;',
  );
  expect(await start([...oldNode, 'app', 'list']).ended).toMatchObject({
    code: 3,
    out: 'yes app,list\n',
    err: '',
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'an old Node passes %s on and waits for the end',
  async (signal) => {
    const { oldNode } = installed(
      `process.on('${signal}', () => { console.log('stopping'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up');`,
    );
    const { child, ended } = start(oldNode);
    child.stdout?.once('data', () => child.kill(signal));
    expect(await ended).toMatchObject({ code: 0, out: 'up\nstopping\n' });
  },
);

test('an old Node dies of the signal that the other one died of', async () => {
  const { oldNode } = installed(`setInterval(() => {}, 1000); console.log('up');`);
  const { child, ended } = start(oldNode);
  child.stdout?.once('data', () => child.kill('SIGTERM'));
  expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' });
});
