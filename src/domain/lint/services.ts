import { isOf, serviceKind } from '../read-revision';
import { valueAt } from '../read-json';
import type { Strategy } from '../strategy';
import { findingAt, type LintFinding } from './finding';
import { isBeside, selects, type Linted } from './subject';

/**
 * Services without a role that list the pods of both versions, where something else decides who gets the new one: a router's
 * weights, or the switch of the active Service. Headless Services are left out: they list pods for programs, such as scrapers.
 */
export function lintServices(linted: Linted): readonly LintFinding[] {
  const services = linted.objects.filter((each) => isOf(each, serviceKind));
  return linted.subjects.flatMap((subject) => {
    const { strategy, name } = subject.workload;
    const why = whyApart(strategy);
    if (why === undefined) return [];
    const both = services.filter(
      (each) =>
        isBeside(each, subject, linted) &&
        !rolesOf(strategy).includes(each.object.metadata.name) &&
        valueAt(each.object, 'spec', 'clusterIP') !== 'None' &&
        selects(valueAt(each.object, 'spec', 'selector'), subject.labels),
    );
    return both.map((service) => {
      const message = `has no role in Rollout ${name} and gives its users pods of both versions, ${why}`;
      const remedy = 'remove it, or let its users call a Service with a role';
      const path = ['spec', 'selector'];
      return findingAt(service, { severity: 'warning', code: 'SharedService', path, message, remedy });
    });
  });
}

function whyApart(strategy: Strategy): string | undefined {
  if (strategy.kind === 'blueGreen') return 'the preview too';
  return strategy.kind === 'canary' && strategy.routing !== undefined ? 'whatever the weight' : undefined;
}

function rolesOf(strategy: Strategy): readonly (string | undefined)[] {
  if (strategy.kind === 'blueGreen') return [strategy.activeService, strategy.previewService];
  if (strategy.kind !== 'canary') return [];
  const router = strategy.routing?.router;
  const root = router?.kind === 'smi' || router?.kind === 'alb' ? router.rootService : undefined;
  return [strategy.stableService, strategy.canaryService, root];
}
