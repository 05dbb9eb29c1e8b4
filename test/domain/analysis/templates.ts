import { readAnalysisTemplate } from '../../../src/domain/analysis/read-template';
import type { AnalysisRef, AnalysisTemplate } from '../../../src/domain/analysis/spec';
import { describeProblem, type Problem } from '../../../src/domain/problem';
import { objectsIn } from '../read-yaml';

/** A template in the lines that the tests name. */
export const templateText = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: success-rate
  annotations: { belay.dev/on-failure: pause, belay.dev/telemetry-hold: 5m }
spec:
  args:
    - name: service
    - { name: threshold, value: "0.95" }
    - name: token
      valueFrom: { secretKeyRef: { name: prometheus, key: token } }
  metrics:
    - name: success-rate
      interval: 1m
      initialDelay: 30s
      count: "{{args.count}}"
      failureLimit: 3
      inconclusiveLimit: 1
      consecutiveErrorLimit: 5
      successCondition: result[0] >= {{ args.threshold }}
      provider:
        prometheus:
          address: http://prometheus
          query: rate(requests{service="{{args.service}}"}[1m])
          headers: [{ key: Authorization, value: "Bearer {{ args.token }}" }]
  dryRun: [{ metricName: success.* }]
  measurementRetention: [{ metricName: success.*, limit: 20 }]
  templates: [{ templateName: latency }, { templateName: shared, clusterScope: true }]
`;

/** The templates of a text, and what a person is told of them. */
export function readTemplates(text: string): {
  readonly templates: readonly AnalysisTemplate[];
  readonly told: readonly string[];
} {
  const problems: Problem[] = [];
  const templates = objectsIn(text).flatMap((each) => readAnalysisTemplate(each, problems) ?? []);
  return { templates, told: problems.map((problem) => `${problem.code} ${describeProblem(problem)}`) };
}

/** Templates that are fine, from `name: spec` in one line of YAML each; a capital letter begins a name of the cluster. */
export function templatesOf(specs: Readonly<Record<string, string>>): readonly AnalysisTemplate[] {
  const texts = Object.entries(specs).map(([name, spec]) => {
    const kind = /^[A-Z]/.test(name) ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    return `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name.toLowerCase()} }\nspec: ${spec}\n`;
  });
  const { templates, told } = readTemplates(texts.join('---\n'));
  if (told.length > 0) throw new Error(told.join('\n'));
  return templates;
}

/** A reference to templates by name; a capital letter means one of the cluster. */
export function refTo(names: string, own: Partial<AnalysisRef> = {}): AnalysisRef {
  const templates = names
    .split(' ')
    .map((name) => ({ templateName: name.toLowerCase(), clusterScope: /^[A-Z]/.test(name) }));
  return { templates, args: [], dryRun: [], measurementRetention: [], ...own };
}

/** Arguments with values. */
export function values(args: Readonly<Record<string, string>>): AnalysisRef['args'] {
  return Object.entries(args).map(([name, value]) => ({ name, source: { kind: 'value', value } }));
}
