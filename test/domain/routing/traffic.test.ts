import { afterStep, fullTraffic, noTraffic, type TrafficState } from '../../../src/domain/routing/traffic';
import type { RolloutStep } from '../../../src/domain/strategy';
import { header } from './routes';

const beta = header('beta', 'X-Beta', 'yes');
const other = header('beta', 'X-Other', 'yes');
const alpha = header('alpha', 'X-Alpha', 'yes');
const copy = { name: 'copy', percentage: 35, match: [{ path: { prefix: '/' } }] };

type Row = readonly [string, readonly RolloutStep[], Partial<TrafficState>];

const rows: readonly Row[] = [
  ['no step: nothing is asked for', [], {}],
  ['setWeight: the newest counts', [weigh(10), weigh(30)], { weight: 30 }],
  [
    'setCanaryScale: stays in force over weights',
    [scale({ replicas: 3 }), weigh(30)],
    { weight: 30, scale: { replicas: 3 } },
  ],
  [
    'setCanaryScale: the newest counts alone',
    [scale({ replicas: 3 }), scale({ weight: 50 })],
    { scale: { weight: 50 } },
  ],
  [
    'matchTrafficWeight: replaces what was in force',
    [scale({ replicas: 3 }), scale({ matchTrafficWeight: true })],
    { scale: { matchTrafficWeight: true } },
  ],
  ['setHeaderRoute: they add up', [headerRoute(beta), headerRoute(alpha)], { headerRoutes: [beta, alpha] }],
  [
    'setHeaderRoute: one of the same name replaces',
    [headerRoute(beta), headerRoute(other)],
    { headerRoutes: [other] },
  ],
  [
    'setHeaderRoute: without a match it goes',
    [headerRoute(beta), headerRoute(alpha), headerRoute({ name: 'beta', match: [] })],
    { headerRoutes: [alpha] },
  ],
  ['setHeaderRoute: one that never was goes too', [headerRoute({ name: 'beta', match: [] })], {}],
  ['setMirrorRoute: with its percentage', [mirror(copy)], { mirrorRoutes: [copy] }],
  ['setMirrorRoute: without a match it goes', [mirror(copy), mirror({ name: 'copy', match: [] })], {}],
  [
    'names of header and mirror routes are apart',
    [headerRoute({ ...beta, name: 'copy' }), mirror(copy), mirror({ name: 'copy', match: [] })],
    { headerRoutes: [{ ...beta, name: 'copy' }] },
  ],
];

function weigh(weight: number): RolloutStep {
  return { kind: 'setWeight', weight };
}
function scale(each: (RolloutStep & { kind: 'setCanaryScale' })['scale']): RolloutStep {
  return { kind: 'setCanaryScale', scale: each };
}
function headerRoute(each: Omit<RolloutStep & { kind: 'setHeaderRoute' }, 'kind'>): RolloutStep {
  return { kind: 'setHeaderRoute', ...each };
}
function mirror(each: Omit<RolloutStep & { kind: 'setMirrorRoute' }, 'kind'>): RolloutStep {
  return { kind: 'setMirrorRoute', ...each };
}

describe('what the steps so far ask for', () => {
  it.each(rows)('%s', (_name, steps, expected) => {
    const state = steps.reduce<TrafficState>((now, step) => afterStep(now, step) ?? now, noTraffic);
    expect(state).toEqual({ ...noTraffic, ...expected });
  });

  it.each<RolloutStep>([
    { kind: 'pause' },
    { kind: 'analysis', analysis: { templates: [], args: [], dryRun: [], measurementRetention: [] } },
    { kind: 'experiment', experiment: { templates: [], analyses: [], scaleDownDelayMs: 0 } },
  ])('$kind changes no traffic', (step) => {
    expect(afterStep(noTraffic, step)).toBeUndefined();
  });

  it('the end asks for the whole weight of the router, and for no routes and no size of its own', () => {
    expect(fullTraffic(1000)).toEqual({ weight: 1000, isFull: true, headerRoutes: [], mirrorRoutes: [] });
  });
});
