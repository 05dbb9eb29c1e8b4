import {
  addTick,
  capOf,
  logHarm,
  logSafe,
  newBets,
  newEvidence,
  placeBets,
  type Rule,
} from '../../../src/domain/sequential/evidence';

type Tick = readonly [canary: number, canaryBad: number, baseline: number, baselineBad: number];

const usual: Rule = {
  ratio: 1.5,
  harmAbsolute: 0.001,
  safeAbsolute: 0.001,
  cap: capOf(0.01, 1),
  horizon: 60,
};
const rule = (ratio: number, absolute: number): Rule => ({
  ...usual,
  ratio,
  harmAbsolute: absolute,
  safeAbsolute: absolute,
});
const twelve = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1].map((bad): Tick => [50, bad, 950, 1]);

function run(
  given: Rule,
  ticks: readonly Tick[],
): { harm: number; safe: number; failedAt?: number; passedAt?: number } {
  const [evidence, bets] = [newEvidence(), newBets()];
  let [harm, safe] = [0, 0];
  let [failedAt, passedAt]: (number | undefined)[] = [undefined, undefined];
  for (const [index, [canary, canaryBad, baseline, baselineBad]] of ticks.entries()) {
    placeBets(bets, given, canary, baseline);
    const counts = { canaryBad, baselineBad, dispersion: 1, tick: index + 1 };
    addTick(evidence, 0, counts, { bets, rule: given });
    harm = logHarm(evidence, 0, index + 1, given.horizon);
    safe = logSafe(evidence, 0);
    if (harm >= Math.log(100)) failedAt ??= index + 1;
    if (safe >= Math.log(20)) passedAt ??= index + 1;
  }
  return { harm, safe, ...(failedAt && { failedAt }), ...(passedAt && { passedAt }) };
}

// Values of an independent implementation of the same mathematics, to the six digits that it prints.
test.each<[string, Rule, readonly Tick[], number, number, number | undefined]>([
  ['V1 one quiet tick', usual, [[50, 0, 950, 1]], -0.174987, 0.084764, undefined],
  ['V2 a fifth of the requests fails', usual, [[50, 10, 950, 1]], 19.118235, -4.249988, 1],
  [
    'V3 two ticks of 4 and 6 %',
    usual,
    [
      [50, 2, 950, 1],
      [50, 3, 950, 0],
    ],
    6.965488,
    -2.768015,
    2,
  ],
  ['V4 twelve ticks of 1 %', usual, twelve, 1.954746, -2.72501, undefined],
  [
    'V5 an outage that hits both',
    usual,
    [
      [50, 0, 950, 1],
      [50, 20, 950, 380],
      [50, 21, 950, 379],
      [50, 0, 950, 0],
    ],
    -0.728641,
    1.630729,
    undefined,
  ],
  [
    'V6 weights that change',
    usual,
    [
      [50, 0, 950, 1],
      [250, 1, 750, 1],
      [500, 2, 500, 0],
      [500, 1, 500, 1],
    ],
    -0.310814,
    -1.111674,
    undefined,
  ],
  ['V7 no traffic on the baseline', usual, [[50, 5, 0, 0]], 0, 0, undefined],
  [
    'V8 an absolute limit',
    rule(0, 0.01),
    [
      [50, 1, 0, 0],
      [50, 3, 0, 0],
      [50, 4, 0, 0],
    ],
    4.862782,
    -3.48037,
    3,
  ],
  [
    'V9 any increase',
    rule(1, 0),
    [
      [50, 2, 950, 1],
      [50, 2, 950, 2],
    ],
    5.049286,
    -2.464184,
    2,
  ],
])('%s', (_name, given, ticks, harm, safe, failedAt) => {
  const result = run(given, ticks);
  expect(result.harm).toBeCloseTo(harm, 6);
  expect(result.safe).toBeCloseTo(safe, 6);
  expect(result.failedAt).toBe(failedAt);
  expect(result.passedAt).toBeUndefined();
});
