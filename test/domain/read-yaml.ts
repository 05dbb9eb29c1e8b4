import { parseManifests } from '../../src/adapters/manifests/parse-yaml';
import type { Located } from '../../src/domain/located';
import { describeProblem, type Read } from '../../src/domain/problem';

/** The objects of one YAML text; the tests of readers are easier to judge on what people write than on objects. */
export function objectsIn(text: string, path = 'web.yaml'): readonly Located[] {
  const read = parseManifests([{ path, content: text }]);
  if (!read.ok) throw new Error(read.problems.map(describeProblem).join('\n'));
  return read.value;
}

/** What a person is told: `Code file:line: Object: field: message; remedy` for each problem. */
export function told(read: Read<unknown>): readonly string[] {
  return read.ok ? [] : read.problems.map((problem) => `${problem.code} ${describeProblem(problem)}`);
}

/** The value, or an error that shows every problem. */
export function valueOf<T>(read: Read<T>): T {
  if (!read.ok) throw new Error(told(read).join('\n'));
  return read.value;
}

/** A text with one piece of it, which must be there once, replaced. */
export function edit(text: string, from: string, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" is ${parts.length - 1} times in the text`);
  return parts.join(to);
}

/** A Rollout with everything that is read of one, in the lines that the tests name. */
export const rolloutText = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
  labels: { team: front }
spec:
  replicas: 5
  minReadySeconds: 5
  progressDeadlineSeconds: 120
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web, tier: front }
    spec:
      containers:
        - name: web
          image: registry.example/web:2
  strategy:
    canary:
      stableService: web-stable
      canaryService: web-preview
      maxSurge: 1
      maxUnavailable: 0
      steps:
        - setWeight: 20
        - pause: { duration: 1m }
        - pause: {}
---
apiVersion: v1
kind: Service
metadata: { name: web-stable }
spec: { selector: { app: web } }
---
apiVersion: v1
kind: Service
metadata: { name: web-preview }
spec: { selector: { app: web } }
`;

/** A Deployment in one line, to be put behind other objects. */
export function deploymentText(name: string, spec = ''): string {
  const pod =
    'template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web:2 }] } }';
  const selector = 'selector: { matchLabels: { app: web } }';
  return `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { ${spec}${selector}, ${pod} }\n`;
}

/** A piece of a text, from one text up to another one after it. */
export function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(to, start));
}

/** A wrong input: its name, what is written instead of what, and all that a person is told. */
export type BadRow = readonly [name: string, from: string, to: string, ...told: string[]];

/** An Application with everything that is read of one, in the lines that the tests name. */
export const applicationText = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: https://git.example/team/shop.git
    targetRevision: main
    path: deploy/shop
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
`;
