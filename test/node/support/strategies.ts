/** How long a canary stays at each share of the traffic. */
export interface CanaryPauses {
  readonly at20: string;
  readonly at50: string;
  /** Which analysis watches it; default: `answers`. */
  readonly template?: string;
}

/** A canary by the weights of the route, watched in the background, as Argo Rollouts users write it. */
export function canaryStrategy({ at20, at50, template = 'answers' }: CanaryPauses): string {
  return `    canary:
      canaryService: web-canary
      stableService: web-stable
      scaleDownDelaySeconds: 1
      abortScaleDownDelaySeconds: 1
      trafficRouting:
        plugins:
          argoproj-labs/gatewayAPI: {httpRoute: web}
      analysis:
        startingStep: 1
        templates: [{templateName: ${template}}]
        args:
        - {name: hash, valueFrom: {podTemplateHashValue: Latest}}
      steps:
      - setWeight: 20
      - pause: {duration: ${at20}}
      - setWeight: 50
      - pause: {duration: ${at50}}
`;
}

/** Blue-green: the new version must be scraped before the switch, and answer well for some seconds after it. */
export const blueGreenStrategy = `    blueGreen:
      activeService: web-stable
      previewService: web-canary
      scaleDownDelaySeconds: 3
      abortScaleDownDelaySeconds: 1
      prePromotionAnalysis:
        templates: [{templateName: is-up}]
        args:
        - {name: hash, valueFrom: {podTemplateHashValue: Latest}}
      postPromotionAnalysis:
        templates: [{templateName: answers}]
        args:
        - {name: hash, valueFrom: {podTemplateHashValue: Latest}}
        - {name: count, value: "8"}
`;

const pods = (namespace: string, metric: string, more = ''): string =>
  `${metric}{namespace="${namespace}",pod_template_hash="{{args.hash}}"${more}}`;

/**
 * Three ways to find errors: `evidence` compares both versions' raw counters by a sequential test, `evidence-of-pods` reads them from the
 * pods themselves, `threshold` is what Argo Rollouts users write: 99 % of a minute's requests, looked at three times a minute.
 */
function comparedTemplates(namespace: string, prometheus: string): string {
  const sequential = (name: string, [source, total, bad]: readonly [string, string, string]): string => `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: ${name}}
spec:
  args: [{name: hash}]
  metrics:
  - name: errors
    interval: 1s
    provider:
      sequential:
        ${source}
        total: ${total}
        bad: ${bad}
        warmup: 0s
`;
  const own = `http_requests_total{namespace="${namespace}"`;
  return `${sequential('evidence', [`address: ${prometheus}`, `${own}}`, `${own},code=~"5.."}`])}${sequential(
    'evidence-of-pods',
    ['scrape: {}', 'http_requests_total', 'http_requests_total{code=~"5.."}'],
  )}---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: threshold}
spec:
  args: [{name: hash}]
  metrics:
  - name: errors
    interval: 20s
    successCondition: len(result) == 0 || isNaN(result[0]) || result[0] >= 0.99
    provider:
      prometheus:
        address: ${prometheus}
        query: |
          sum(rate(${pods(namespace, 'http_requests_total', ',code!~"5.."')}[1m])) / sum(rate(${pods(namespace, 'http_requests_total')}[1m]))
`;
}

/**
 * The analyses: `answers` refuses half a percent of errors and a 95th percentile above 150 ms, over 5 s; `is-up` waits until
 * Prometheus has found pods and reaches them. No traffic, no opinion.
 */
export function analysisTemplates(namespace: string, prometheus: string): string {
  const requests = pods(namespace, 'http_requests_total');
  const errors = pods(namespace, 'http_requests_total', ',code=~"5.."');
  const buckets = pods(namespace, 'http_request_duration_seconds_bucket');
  const provider = (query: string): string => `
    provider:
      prometheus:
        address: ${prometheus}
        query: |
          ${query}
`;
  const limits = '    interval: 1s\n    consecutiveErrorLimit: 3';
  return `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: answers}
spec:
  args:
  - name: hash
  - {name: count, value: "0"}
  metrics:
  - name: errors
    count: "{{args.count}}"
${limits}
    successCondition: len(result) == 0 || isNaN(result[0]) || result[0] < 0.005${provider(
      `sum(rate(${errors}[5s])) / sum(rate(${requests}[5s]))`,
    )}
  - name: latency
    count: "{{args.count}}"
${limits}
    successCondition: len(result) == 0 || isNaN(result[0]) || result[0] < 0.15${provider(
      `histogram_quantile(0.95, sum by (le) (rate(${buckets}[5s])))`,
    )}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: is-up}
spec:
  args: [{name: hash}]
  metrics:
  - name: up
    count: 30
    failureLimit: 20
    consecutiveSuccessLimit: 2
${limits}
    successCondition: len(result) > 0 && result[0] >= 1${provider(`sum(${pods(namespace, 'up')})`)}
${comparedTemplates(namespace, prometheus)}`.replace(/\n\n+/g, '\n');
}
