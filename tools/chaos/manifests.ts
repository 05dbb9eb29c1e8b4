import type { StoryName } from './story-names';

/** How many pods the workload of every story has. */
export const replicas = 4;
/** Where the manifests are in each repository. */
export const path = 'k8-manifests';

const weights = `
    canary:
      maxSurge: 1
      maxUnavailable: 0
      steps:
      - setWeight: 25
      - pause: {duration: 300ms}
      - setWeight: 50
      - pause: {duration: 300ms}
      - setWeight: 100`;

const routed = (pause: string): string => `
    canary:
      stableService: web
      canaryService: web-canary
      scaleDownDelaySeconds: 1
      abortScaleDownDelaySeconds: 1
      trafficRouting: {nginx: {stableIngress: web}}
      steps:
      - setWeight: 50
      - pause: {${pause}}`;

const blueGreen = `
    blueGreen:
      activeService: web
      previewService: web-canary
      scaleDownDelaySeconds: 1
      abortScaleDownDelaySeconds: 1`;

const strategies: Readonly<Record<StoryName, string>> = {
  'canary-good': weights,
  'canary-bad': routed('duration: 300ms'),
  abort: routed(''),
  drift: weights,
  'blue-green-good': blueGreen,
  'blue-green-bad': blueGreen,
};

/** The workload of a story at a version, and the configuration that it reads. */
export function versionFiles(story: StoryName, tag: string): Readonly<Record<string, string>> {
  return {
    'rollout.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  strategy:${strategies[story]}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:${tag}
        envFrom: [{configMapRef: {name: web-config}}]
`,
    'config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: web-config}
data: {VERSION: ${tag}}
`,
  };
}

/** What stays as it is: the users' Service \`web\`, that of the new version, and an Ingress. */
export const commonFiles: Readonly<Record<string, string>> = {
  'services.yaml': ['web', 'web-canary']
    .map(
      (name) =>
        `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n`,
    )
    .join('---\n'),
  // No controller is there to give it an address, which its health would wait for.
  'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {argocd.argoproj.io/ignore-healthcheck: 'true'}}
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
`,
};
