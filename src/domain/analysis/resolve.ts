import { readOf } from '../located';
import type { Problem, Read } from '../problem';
import { argValues, type ArgContext } from './arg-values';
import type { Complaint } from './complaint';
import { gatherTemplates, nameOfTemplate } from './gather-templates';
import { mergeArgs } from './merge-args';
import { matchNames } from './name-rules';
import { sequentialKind } from './sequential-metric';
import { resolveMetric } from './resolve-metric';
import type { AnalysisRef, AnalysisTemplate, ArgSource, MetricSpec } from './spec';

export type { ArgContext } from './arg-values';

/** An analysis that can be run: its metrics, and the Secrets whose values their providers still need. */
export interface ResolvedAnalysis {
  readonly metrics: readonly MetricSpec[];
  readonly secrets: readonly { readonly arg: string; readonly name: string; readonly key: string }[];
}

/** Merges the templates of a reference and fills in their arguments, as Argo makes an AnalysisRun; every problem is told. */
export function resolveAnalysis(
  ref: AnalysisRef,
  templates: readonly AnalysisTemplate[],
  context: ArgContext,
): Read<ResolvedAnalysis> {
  const { analysis, complaints } = resolve(ref, templates, { context });
  const problems = complaints.map((each): Problem => ({ code: 'InvalidSpec', ...each }));
  return readOf(analysis, problems);
}

/**
 * The same without a rollout, for lint and load: templates exist, arguments are all given, numbers are valid, conditions parse.
 * What depends on a field or a hash is left for later. `mustEnd`: the rollout waits for the analysis (a step), so each metric needs
 * a count, as Argo demands.
 */
export function checkAnalysis(
  ref: AnalysisRef,
  templates: readonly AnalysisTemplate[],
  { mustEnd = false } = {},
): readonly Complaint[] {
  return resolve(ref, templates, { mustEnd }).complaints;
}

interface Wishes {
  readonly context?: ArgContext;
  readonly mustEnd?: boolean;
}

function resolve(
  ref: AnalysisRef,
  templates: readonly AnalysisTemplate[],
  { context, mustEnd = false }: Wishes,
): { readonly analysis: ResolvedAnalysis; readonly complaints: readonly Complaint[] } {
  const gathered = gatherTemplates(ref.templates, templates);
  const merged = mergeArgs(ref.args, gathered.templates);
  const values = argValues(merged.args, context);
  const complaints = [...gathered.complaints, ...merged.complaints, ...values.complaints];
  const resolved = gathered.templates.flatMap((template) =>
    template.metrics.map((metric) => ({ template, ...resolveMetric(metric, values.lookup) })),
  );
  const owners = new Map<string, AnalysisTemplate>();
  for (const { template, metric, isEndless, complaints: own } of resolved) {
    const name = `metric "${metric.name}" of ${nameOfTemplate(template)}`;
    complaints.push(...own.map(({ message, remedy }) => ({ message: `${name}: ${message}`, remedy })));
    const other = owners.get(metric.name);
    if (other !== undefined) {
      const message = `${name} has the name of a metric of ${nameOfTemplate(other)}`;
      complaints.push({ message, remedy: 'rename one of the two' });
    }
    owners.set(metric.name, template);
    if (mustEnd && isEndless) {
      const message = `${name} runs until it is stopped, but the rollout waits for its end`;
      complaints.push({ message, remedy: 'give it a count, or use it in a background analysis' });
    }
  }
  if (resolved.length === 0 && gathered.complaints.length === 0) {
    complaints.push({ message: 'the analysis has no metrics', remedy: 'refer to a template with metrics' });
  }
  const names = resolved.some(({ hasVagueName }) => hasVagueName) ? undefined : [...owners.keys()];
  const sequential = resolved.filter(({ metric }) => sequentialKind in metric.provider);
  if (sequential.length > 1) {
    const names = sequential.map(({ metric }) => metric.name).join(' and ');
    const message = `the analysis has ${sequential.length} sequential metrics, ${names}, each of which may be wrong by itself`;
    complaints.push({
      message,
      remedy: 'write all of them below `metrics` of one: their evidence is put together',
    });
  }
  const rules = resolveRules(ref, gathered.templates, names);
  const metrics = resolved.map(({ template: { onFailure, holdMs }, metric }) => ({
    ...metric,
    ...rules.of(metric.name),
    onFailure,
    holdMs,
  }));
  const used = new Set(resolved.flatMap(({ secrets }) => secrets));
  return {
    analysis: { metrics, secrets: [...merged.args].flatMap((arg) => secretOf(arg, used)) },
    complaints: [...complaints, ...rules.complaints],
  };
}

/** Measurements that are kept of a metric unless a rule says otherwise. */
const usualRetention = 10;

/** Rules of the reference and of all templates together; of several that match, the last one gives the retention. */
function resolveRules(
  ref: AnalysisRef,
  templates: readonly AnalysisTemplate[],
  names: readonly string[] | undefined,
) {
  const dryRun = { patterns: [ref, ...templates].flatMap((each) => each.dryRun) };
  const kept = [ref, ...templates].flatMap((each) => each.measurementRetention);
  const dry = matchNames({ field: 'dryRun', ...dryRun }, names);
  const patterns = kept.map(({ metricName }) => metricName);
  const retention = matchNames({ field: 'measurementRetention', patterns }, names);
  return {
    of: (name: string): Pick<MetricSpec, 'isDryRun' | 'retention'> => {
      const limit = kept[retention.matches.findLastIndex((match) => match.has(name))]?.limit ?? 0;
      return {
        isDryRun: dry.matches.some((match) => match.has(name)),
        retention: limit > 0 ? limit : usualRetention,
      };
    },
    complaints: [...dry.complaints, ...retention.complaints],
  };
}

function secretOf(
  [arg, source]: readonly [string, ArgSource],
  used: ReadonlySet<string>,
): ResolvedAnalysis['secrets'] {
  return source.kind === 'secret' && used.has(arg) ? [{ arg, name: source.name, key: source.key }] : [];
}
