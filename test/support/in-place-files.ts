import type { InPlaceKind } from '../../src/domain/in-place-view';

/** One version of a StatefulSet or DaemonSet `db`. */
export interface InPlaceVersion {
  readonly image?: string;
  /** StatefulSets only; `null`: Git leaves the count to somebody else. */
  readonly replicas?: number | null;
  /** YAML of `spec.updateStrategy`; Kubernetes' default without. */
  readonly updateStrategy?: string;
  /** The data of the ConfigMap that the pods read; none without. */
  readonly config?: string;
  /** The pod annotation that tells the simulated kubelet how to behave. */
  readonly behavior?: string;
  /** YAML of the canary's steps. */
  readonly steps?: string;
  /** YAML of more fields of the StatefulSet's or DaemonSet's spec. */
  readonly more?: string;
}

/** Git's files for a version: a Rollout that refers to the workload, as people write them. */
export function inPlaceFiles(kind: InPlaceKind, version: InPlaceVersion): Readonly<Record<string, string>> {
  const { config, steps = '[{setWeight: 50}]' } = version;
  return {
    'rollout.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: db}
spec:
  workloadRef: {apiVersion: apps/v1, kind: ${kind}, name: db}
  strategy: {canary: {steps: ${steps}}}
`,
    'db.yaml': workloadYaml(kind, version),
    ...(config === undefined
      ? {}
      : {
          'config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: db-config}\ndata: {GREETING: ${config}}\n`,
        }),
  };
}

function workloadYaml(kind: InPlaceKind, version: InPlaceVersion): string {
  const { image = 'v1', replicas = 4, updateStrategy, config, behavior, more } = version;
  const lines = [
    ...(kind === 'StatefulSet' && replicas !== null ? [`replicas: ${replicas}`] : []),
    ...(kind === 'StatefulSet' ? ['serviceName: db'] : []),
    ...(updateStrategy === undefined ? [] : [`updateStrategy: ${updateStrategy}`]),
    ...(more === undefined ? [] : [more]),
  ];
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: db}
spec:
  ${lines.join('\n  ')}
  selector: {matchLabels: {app: db}}
  template:
    metadata:
      labels: {app: db}
      annotations: {${behavior === undefined ? '' : `sim.belay.dev/behavior: ${behavior}`}}
    spec:
      containers:
      - name: db
        image: registry.example/db:${image}${config === undefined ? '' : '\n        envFrom: [{configMapRef: {name: db-config}}]'}
`;
}
