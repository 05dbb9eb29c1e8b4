/** A version of the sample application. */
export interface Version {
  /** The image's tag. */
  readonly tag: string;
  /** How it misbehaves, as tools/node/app says: `errors:20`. */
  readonly fault?: string;
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** An image instead of the registry's. */
  readonly image?: string;
}

/** The pod template of a version, as YAML below `template:` at four spaces. */
export function podTemplate(
  registry: string,
  { tag, fault, env = {}, image }: Version,
  labels: string,
): string {
  const variables = Object.entries({ ...env, ...(fault === undefined ? {} : { FAULT: fault }) });
  const list = variables.map(([name, value]) => `{name: ${name}, value: "${value}"}`).join(', ');
  return `    metadata:
      labels: {${labels}}
      annotations: {prometheus.io/scrape: "true", prometheus.io/port: "8080"}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 15
      containers:
      - name: web
        image: ${image ?? `${registry}/shop:${tag}`}
        env: [${list}]
        ports: [{containerPort: 8080}]
        readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 1}
        resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
`;
}

/** A Service of the pods with the labels. */
export function service(name: string, labels: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {${labels}}
  ports: [{port: 80, targetPort: 8080}]
`;
}

/** A route of the gateway for a host: its requests go to the Services by their weights. */
export function httpRoute(name: string, host: string, weights: Readonly<Record<string, number>>): string {
  const backends = Object.entries(weights).map(
    ([service, weight]) => `    - {name: ${service}, port: 80, weight: ${weight}}`,
  );
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}}
spec:
  parentRefs: [{name: shop, namespace: gateway}]
  hostnames: [${host}]
  rules:
  - backendRefs:
${backends.join('\n')}
`;
}
