/** The demo's manifests, as a team writes them: an Argo Rollout, a Service and a ConfigMap. */
export function rolloutYaml({ tag, behavior }: { readonly tag: string; readonly behavior?: string }): string {
  const annotations =
    behavior === undefined
      ? ''
      : `\n      annotations: {sim.belay.dev/behavior: ${behavior}} # tells the simulated node`;
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  replicas: 5
  selector:
    matchLabels: {app: web}
  strategy:
    canary:
      maxSurge: 1
      maxUnavailable: 0
      steps:
      - setWeight: 20
      - pause: {duration: 2s}
      - setWeight: 50
      - pause: {duration: 2s}
      - setWeight: 100
  template:
    metadata:
      labels: {app: web}${annotations}
    spec:
      containers:
      - name: web
        image: registry.example/shop/web:${tag}
        envFrom:
        - configMapRef: {name: web-config}
        ports:
        - containerPort: 8080
`;
}

export const serviceYaml = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - {port: 80, targetPort: 8080}
`;

export function configYaml(greeting: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data:
  GREETING: ${JSON.stringify(greeting)}
`;
}

export function applicationYaml(repoUrl: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  project: default
  source:
    repoURL: ${repoUrl}
    path: k8-manifests
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    syncOptions: [CreateNamespace=true]
`;
}
