/** A Job that is a hook of a sync. */
export function hookYaml(name: string, hook: string, behavior = 'ready'): string {
  return jobYaml(`{name: ${name}, annotations: {argocd.argoproj.io/hook: ${hook}}}`, { name, behavior });
}

interface JobYaml {
  /** Of its image. */
  readonly name?: string;
  /** How the simulated kubelet ends it. */
  readonly behavior?: string;
  /** Further fields of its container. */
  readonly more?: string;
}

export function jobYaml(
  metadata: string,
  { name = 'job', behavior = 'ready', more = '' }: JobYaml = {},
): string {
  return `apiVersion: batch/v1
kind: Job
metadata: ${metadata}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {sim.belay.dev/behavior: ${behavior}}}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: 'registry.example/${name}:v1'${more}}]
`;
}

export interface MapYaml {
  readonly wave?: number;
  readonly options?: string;
  readonly value?: string;
}

export function mapYaml(name: string, { wave = 0, options, value = 'a' }: MapYaml = {}): string {
  const more = options === undefined ? '' : `, argocd.argoproj.io/sync-options: ${options}`;
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"${more}}}
data: {VALUE: ${value}}
`;
}

export function deploymentYaml(name: string, behavior = 'ready', wave = 0): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}, annotations: {sim.belay.dev/behavior: ${behavior}}}
    spec: {containers: [{name: ${name}, image: 'registry.example/${name}:v1'}]}
`;
}

/** A Service of the workload `web`. */
export function serviceYaml(name: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n`;
}
