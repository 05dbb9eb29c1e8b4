import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The fastest of many ticks in a plain process, milliseconds: the sandbox of a test is several times slower than a worker. */
const script = String.raw`
const { readSequential, startSequential, tick, verdictOf } = require(process.argv[1]);
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const names = Array.from({ length: 10 }, (_, index) => 'latency-' + index);
const histogram = { canary: 'c', baseline: 'b' };
const read = readSequential({ warmup: '0s', metrics: names.map((name) => ({ name, histogram })) }, 'latency');
const reading = (pod, total) => ({
  pod,
  buckets: {
    ...Object.fromEntries(bounds.map((le, index) => [String(le), Math.floor((total * (index + 1)) / 13)])),
    '+Inf': total,
  },
});
const side = (name, total) => [1, 2].map((index) => reading(name + index, total));
const sample = (ticks) => ({ canary: side('canary', ticks * 5000), baseline: side('stable', ticks * 95000) });
const at = (ticks) => ({ at: ticks * 10000, metrics: Object.fromEntries(names.map((name) => [name, sample(ticks)])) });
let state = startSequential(read.value);
for (let ticks = 1; ticks <= 3; ticks++) state = tick(read.value, state, at(ticks));
const times = [];
for (let i = 0; i < 1000; i++) {
  const from = performance.now();
  const next = tick(read.value, state, at(4));
  verdictOf(read.value, next);
  times.push(performance.now() - from);
}
console.log(Math.min(...times));
`;

test('a tick and a verdict for 10 metrics with 12 bounds take at most a millisecond', async () => {
  const engine = join(__dirname, '..', '..', 'dist', 'src', 'domain', 'sequential');
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, engine]);
  expect(Number(stdout)).toBeLessThanOrEqual(1);
});
