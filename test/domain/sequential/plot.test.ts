import { plotSvg, plotText } from '../../../src/domain/sequential';
import { remember } from '../../../src/domain/sequential/history';
import { startSequential, type History } from '../../../src/domain/sequential';
import { config, Fleet, Run } from './builder';

const empty = startSequential(config());

function failed(): Run {
  const [run, fleet] = [new Run(config()), new Fleet()];
  run.tick(fleet.read());
  while (run.verdict.kind !== 'failed') run.tick(fleet.serve([50, 10], [950, 1]).read());
  return run;
}

test('draws the evidence over time for a terminal, with both limits', () => {
  expect(plotText(failed().state, 40)).toBe(
    [
      '     |                                 x',
      ' 100 |----------------------x-----------',
      '     |',
      '  20 |----------------------------------',
      '     |           x',
      '     |',
      '   1 |',
      '     |',
      '     |',
      '     |',
      '     |           o          o          o',
      '     +----------------------------------',
      '      0                             30 s',
      'x harm (roll back at 100)  o safety (promote at 20)',
    ].join('\n'),
  );
});

test.each([0, 20, 80, 200])('keeps to a width of %p columns, 20 at least', (width) => {
  const lines = plotText(failed().state, width).split('\n').slice(0, -1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(20, width));
});

test('says so when there is nothing to draw', () => {
  expect(plotText(empty, 80)).toBe('no evidence yet');
});

test('draws the same as an SVG of its own, with finite coordinates', () => {
  for (const state of [empty, failed().state]) {
    const svg = plotSvg(state);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^]*<\/svg>$/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
  }
  expect(plotSvg(failed().state)).toContain('>roll back</text>');
});

test('the history stays small and goes from the first tick to the newest ones', () => {
  let history: History = empty.history;
  for (let i = 0; i < 10_000; i++) history = remember(history, [i * 10, Math.sin(i), -i / 1000]);
  expect(history.points.length).toBeLessThanOrEqual(48);
  expect(history.points[0]?.[0]).toBe(0);
  expect(history.points.at(-1)?.[0]).toBeGreaterThan(95_000);
});
