import { createMetrics } from '../../src/adapters/metrics';
import { describeStep } from '../../src/domain/describe-step';
import { supports } from '../../src/domain/routing/supports';
import type { RouterSpec } from '../../src/domain/routing/spec';
import type { RolloutStep } from '../../src/domain/strategy';
import { readProjectFile } from '../support/compose-file';

/** The cells of the first table row of a page whose first cell has a field of this name; plugins count by the end of theirs. */
function rowOf(page: string, name: string): readonly string[] {
  const field = new RegExp(`\`(?:.*/)?${name}\\b`);
  const rows = readProjectFile('docs', page)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.find(([first = '']) => field.test(first)) ?? [];
}

const ref = { templates: [], args: [], dryRun: [], measurementRetention: [] };
const steps: Readonly<Record<RolloutStep['kind'], RolloutStep>> = {
  setWeight: { kind: 'setWeight', weight: 20 },
  pause: { kind: 'pause' },
  setCanaryScale: { kind: 'setCanaryScale', scale: { replicas: 1 } },
  setHeaderRoute: { kind: 'setHeaderRoute', name: 'route', match: [] },
  setMirrorRoute: { kind: 'setMirrorRoute', name: 'route', match: [] },
  analysis: { kind: 'analysis', analysis: ref },
  experiment: { kind: 'experiment', experiment: { templates: [], analyses: [], scaleDownDelayMs: 0 } },
};

test.each(Object.values(steps).map((step) => [step.kind, step] as const))(
  'strategies.md has the step %s',
  (kind, step) => {
    expect(describeStep(step)).toContain(kind);
    expect(rowOf('strategies.md', kind)).not.toEqual([]);
  },
);

/** Each router with as little as it needs; the key is the field of trafficRouting. */
const routers: Readonly<Record<string, RouterSpec>> = {
  gatewayAPI: { kind: 'gatewayApi', routes: [{ kind: 'HTTPRoute', name: 'web' }] },
  istio: { kind: 'istio', virtualServices: [] },
  nginx: {
    kind: 'nginx',
    stableIngresses: [],
    annotationPrefix: '',
    additionalAnnotations: {},
    canaryAnnotations: {},
  },
  alb: { kind: 'alb', ingresses: [], servicePort: 80, annotationPrefix: '' },
  smi: { kind: 'smi' },
  traefik: { kind: 'traefik', weightedTraefikServiceName: 'web' },
};

test.each(Object.entries(routers))('traffic.md tells what the router %s can do', (name, spec) => {
  const [, , , headers, mirrors] = rowOf('traffic.md', name);
  const { headerKinds, mirrorRoutes } = supports(spec);
  expect(headers).toBe(headerKinds.length === 0 ? 'no' : headerKinds.join(', '));
  expect(mirrors).toBe(mirrorRoutes ? 'yes' : 'no');
});

test.each([...createMetrics({ environment: {} }).kinds, 'job'])('analysis.md has the provider %s', (kind) => {
  expect(rowOf('analysis.md', kind)).toHaveLength(3);
});
