/** What can be changed in an application. */
export interface Version {
  /** A value in its ConfigMap `settings`, which nothing refers to. */
  readonly setting: number;
  /** An annotation of its Deployment's pods. */
  readonly template: number;
}

export function nameOf(index: number): string {
  return `app-${String(index).padStart(4, '0')}`;
}

/** 5 objects by file: podinfo with no pods, as the benchmark of Flux has it, with what usually surrounds it. */
export function filesOf(name: string, { setting, template }: Version): Readonly<Record<string, string>> {
  return {
    'settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {setting: "${setting}"}
`,
    'page.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: page}
data: {message: "hello from ${name}"}
`,
    'account.yaml': `apiVersion: v1
kind: ServiceAccount
metadata: {name: podinfo}
automountServiceAccountToken: false
`,
    'service.yaml': `apiVersion: v1
kind: Service
metadata: {name: podinfo}
spec:
  selector: {app: podinfo}
  ports: [{name: http, port: 9898, targetPort: http}]
`,
    'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: podinfo}
spec:
  replicas: 0
  selector: {matchLabels: {app: podinfo}}
  template:
    metadata:
      labels: {app: podinfo}
      annotations: {version: "${template}"}
    spec:
      serviceAccountName: podinfo
      containers:
      - name: podinfo
        image: ghcr.io/stefanprodan/podinfo:6.5.0
        ports: [{name: http, containerPort: 9898}]
        readinessProbe: {httpGet: {path: /readyz, port: http}}
        resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {memory: 64Mi}}
`,
  };
}
