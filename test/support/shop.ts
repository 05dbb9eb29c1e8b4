import type { ApplicationSpec } from '../../src/domain/application-spec';
import { deliveredFrom } from './delivery';
import type { Environment } from './environment';
import { follow, type Followed } from './followed';
import { commitFiles, createBareRepo, type BareRepo, type FileSpec } from './git-repo';

export interface ShopOptions {
  readonly name?: string;
  readonly replicas?: number;
  /** Git leaves the count to an autoscaler. */
  readonly withoutCount?: boolean;
  /** YAML of the canary's steps. */
  readonly steps?: string;
  readonly spec?: Partial<ApplicationSpec>;
  /** More fields below `strategy.canary`, as YAML at that indentation. */
  readonly canary?: string;
  /** Another strategy than a canary by these steps, as YAML at that indentation. */
  readonly strategy?: string;
  /** More fields below `spec` of the Rollout, as YAML at that indentation. */
  readonly rollout?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Annotations of version 1's pods, as a map in YAML. */
  readonly annotations?: string;
}

export interface TemplateOptions {
  readonly image?: string;
  /** More fields of the container, as YAML at that indentation. */
  readonly container?: string;
  /** The pod annotation that tells the simulated kubelet how to behave. */
  readonly behavior?: string;
  /** All annotations of the pods instead, as a map in YAML. */
  readonly annotations?: string;
  readonly config?: string;
  readonly pod?: string;
}

/** A small application in a real repository, delivered to a namespace of its own name. */
export interface Shop extends Followed {
  readonly name: string;
  readonly repo: BareRepo;
  readonly spec: ApplicationSpec;
  /** Commits a version of the rollout (and other files) and answers the revision. */
  push(version: TemplateOptions, files?: Readonly<Record<string, FileSpec>>): Promise<string>;
  pushFiles(files: Readonly<Record<string, FileSpec>>, message?: string): Promise<string>;
  head(): Promise<string>;
}

const quickSteps = `
      - setWeight: 20
      - pause: {duration: 300ms}
      - setWeight: 50
      - pause: {duration: 300ms}
      - setWeight: 100`;

/** The set-up claims nothing about time: several at once on a slow machine of two cores have taken 40 s. Milliseconds. */
const setUpMs = 120_000;

/** Creates the repository with version 1 and the application, and waits until it is Healthy (unless `wait` is false). */
export async function openShop(env: Environment, options: ShopOptions = {}, wait = true): Promise<Shop> {
  const { name = 'shop', replicas = 4, files = {} } = options;
  const repo = await createBareRepo();
  const path = 'k8-manifests';
  const spec: ApplicationSpec = { ...deliveredFrom(repo, name, path), ...options.spec };
  const inPath = (given: Readonly<Record<string, FileSpec>>): Record<string, FileSpec> =>
    Object.fromEntries(Object.entries(given).map(([file, content]) => [`${path}/${file}`, content]));
  const shop: Shop = {
    ...follow(env, name, spec.destination.namespace),
    name,
    repo,
    spec,
    push: (version, more = {}) =>
      commitFiles(
        repo,
        inPath({ 'rollout.yaml': rolloutYaml(replicas, options, version), ...configFile(version), ...more }),
        {
          message: `Deploy ${version.image ?? 'v1'}`,
        },
      ),
    pushFiles: (given, message = 'Change files') => commitFiles(repo, inPath(given), { message }),
    head: () => repo.git('rev-parse', 'refs/heads/main'),
  };
  const first = await shop.push(
    { image: 'v1', ...(options.annotations === undefined ? {} : { annotations: options.annotations }) },
    { 'service.yaml': serviceYaml, ...files },
  );
  if (wait) {
    await env.client.createApplication(spec);
    await shop.settled(first, setUpMs);
  }
  return shop;
}

function configFile({ config }: TemplateOptions): Record<string, FileSpec> {
  const data = config ?? 'GREETING: hello';
  return {
    'config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-config}\ndata: {${data}}\n`,
  };
}

const serviceYaml = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`;

const canaryYaml = (more: string, steps: string): string => `
    canary:
      maxSurge: 1
      maxUnavailable: 0${more}
      steps:${steps}`;

/** An Argo Rollout as people write it. */
export function rolloutYaml(
  replicas: number,
  { steps = quickSteps, canary = '', rollout = '', strategy, withoutCount = false }: ShopOptions,
  version: TemplateOptions,
): string {
  const { image = 'v1', behavior, annotations, pod = '', container = '' } = version;
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
${withoutCount ? '' : `  replicas: ${replicas}`}${rollout}
  selector: {matchLabels: {app: web}}
  strategy:${strategy ?? canaryYaml(canary, steps)}
  template:
    metadata:
      labels: {app: web}
      annotations: ${annotations ?? `{${behavior === undefined ? '' : `sim.belay.dev/behavior: ${behavior}`}}`}
    spec:${pod}
      containers:
      - name: web
        image: registry.example/web:${image}
        envFrom: [{configMapRef: {name: web-config}}]${container}
`;
}
