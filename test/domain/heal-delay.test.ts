import { healDelay } from '../../src/domain/heal-delay';

const second = 1_000;
const now = 10_000 * second;

/** Times of heals so many seconds before now. */
function ago(...seconds: readonly number[]): readonly number[] {
  return seconds.map((each) => now - each * second);
}

describe('the wait before self-heal heals', () => {
  it.each<readonly [string, readonly number[], number]>([
    ['nothing the first time', [], 0],
    ['2 s after the first heal', ago(0), 2],
    ['only what is left of it', ago(1.5), 0.5],
    ['nothing when the wait is over', ago(2), 0],
    ['6 s after the second heal', ago(3, 0), 6],
    ['18 s after the third', ago(12, 7, 0), 18],
    ['54 s after the fourth', ago(40, 37, 30, 0), 54],
    ['nothing after a quiet minute', ago(61), 0],
    ['2 s again after a quiet time in between', ago(200, 199, 0), 2],
  ])('%s', (_name, heals, seconds) => {
    expect(healDelay(heals, now)).toBe(seconds * second);
  });

  // A wait that is longer than twice the one before it counts as a quiet time, so none gets longer than 108 s.
  it.each<readonly [string, readonly number[], number]>([
    ['162 s after the fifth', ago(190, 188, 182, 164, 110), 162 - 110],
    ['at most 5 min', ago(842, 840, 834, 816, 762, 600, 300, 0), 300],
  ])('%s', (_name, heals, seconds) => {
    expect(healDelay(heals, now)).toBe(seconds * second);
  });
});
