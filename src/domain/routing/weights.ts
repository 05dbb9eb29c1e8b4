/** The canary's share of both, counted to `maxWeight`; 0 where nobody gets anything. */
export function shareOf(stable: number, canary: number, maxWeight: number): number {
  const sum = stable + canary;
  return sum === 0 ? 0 : Math.round((canary / sum) * maxWeight);
}
