/** One version of a small application. */
export interface ShopVersion {
  readonly image?: string;
  /** `null`: Git leaves the count to somebody else. */
  readonly replicas?: number | null;
  /** Whether it has Services for stable and canary of their own. */
  readonly roles?: boolean;
  /** The data of the ConfigMap that the pods read; none without. */
  readonly config?: string;
  /** The pod annotation that tells the simulated kubelet how to behave. */
  readonly behavior?: string;
}

/** Git's files for a version: a Rollout and its Services, as people write them. */
export function shopFiles(version: ShopVersion): Readonly<Record<string, string>> {
  const { roles = false, config } = version;
  return {
    'rollout.yaml': rolloutYaml(version),
    'service.yaml': serviceYaml('web'),
    ...(roles
      ? { 'stable.yaml': serviceYaml('web-stable'), 'preview.yaml': serviceYaml('web-preview') }
      : {}),
    ...(config === undefined ? {} : { 'config.yaml': configYaml(config) }),
  };
}

function rolloutYaml({ image = 'v1', replicas = 4, roles = false, config, behavior }: ShopVersion): string {
  const annotations = behavior === undefined ? '{}' : `{sim.belay.dev/behavior: ${behavior}}`;
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:${replicas === null ? '' : `\n  replicas: ${replicas}`}
  selector: {matchLabels: {app: web}}
  strategy:
    canary:
      maxSurge: 1
      maxUnavailable: 0${roles ? '\n      stableService: web-stable\n      canaryService: web-preview' : ''}
      steps: [{setWeight: 50}]
  template:
    metadata: {labels: {app: web}, annotations: ${annotations}}
    spec:
      containers:
      - name: web
        image: registry.example/web:${image}${config === undefined ? '' : '\n        envFrom: [{configMapRef: {name: web-config}}]'}
`;
}

function serviceYaml(name: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`;
}

function configYaml(greeting: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\ndata: {GREETING: ${greeting}}\n`;
}
