/** What the adversary does besides killing workers. */
export const faultNames = [
  'frozen',
  'cut-from-temporal',
  'cut-from-api',
  'temporal-killed',
  'api-stopped',
  'api-429',
  'api-500',
  'api-409',
  'watches-dropped',
  'lists-stale',
  'git-down',
  'git-slow',
  'git-dropping',
  'disk-full',
  'clock-jumping',
] as const;

export type FaultName = (typeof faultNames)[number];
