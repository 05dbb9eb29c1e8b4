import type { ApplicationStatus } from '../../../src/domain/application-status';
import { delivered } from '../../../tools/local/delivered';
import { commitFiles, createBareRepo, type BareRepo } from '../../support/git-repo';
import { until } from '../../support/until';
import { httpRoute, podTemplate, service, type Version } from './manifests';
import type { NodeEnvironment } from './node-environment';
import { analysisTemplates } from './strategies';

const path = 'k8-manifests';

/** The sample application behind the gateway, delivered by Belay from a repository to a namespace of its name. */
export interface Storefront {
  readonly name: string;
  readonly host: string;
  readonly repo: BareRepo;
  /** Commits a version with a strategy (YAML below `strategy:` at four spaces); answers the revision. */
  push(version: Version, strategy: string): Promise<string>;
  waitFor(
    what: string,
    fits: (status: ApplicationStatus) => boolean,
    ms?: number,
  ): Promise<ApplicationStatus>;
  /** Waits until the revision is delivered and nothing is under way. */
  settled(revision: string, ms?: number): Promise<ApplicationStatus>;
}

/** Delivers version 1 and waits until the gateway serves it. */
export async function openStorefront(
  env: NodeEnvironment,
  name: string,
  strategy: string,
): Promise<Storefront> {
  const repo = await createBareRepo();
  const { registry, prometheus } = env.node;
  const host = `${name}.test`;
  const shop: Storefront = {
    name,
    host,
    repo,
    push: (version, how) =>
      commitFiles(
        repo,
        { [`${path}/rollout.yaml`]: rolloutYaml(registry, version, how) },
        { message: `Deploy ${version.tag}` },
      ),
    async waitFor(what, fits, ms = 60_000) {
      let last: ApplicationStatus | undefined;
      try {
        return await until(
          what,
          async () => {
            last = await env.client.applicationStatus(name);
            return fits(last) ? last : undefined;
          },
          ms,
        );
      } catch (error: unknown) {
        const rollout = await env.client.rolloutStatus(name).catch(String);
        const seen = JSON.stringify({ ...last, spec: undefined, rollout });
        throw new Error(`${String(error)}; last seen: ${seen}`, { cause: error });
      }
    },
    settled: (revision, ms) =>
      shop.waitFor(
        `${revision.slice(0, 12)} is delivered`,
        ({ state, sync, health, operation }) =>
          state.synced === revision && sync === 'Synced' && health === 'Healthy' && operation === undefined,
        ms,
      ),
  };
  const isCanary = strategy.includes('canary:');
  await commitFiles(repo, {
    [`${path}/services.yaml`]: [
      service('web-stable', 'app: web'),
      ...(isCanary || strategy.includes('previewService') ? [service('web-canary', 'app: web')] : []),
    ].join('---\n'),
    [`${path}/route.yaml`]: httpRoute(
      'web',
      host,
      isCanary ? { 'web-stable': 100, 'web-canary': 0 } : { 'web-stable': 1 },
    ),
    [`${path}/analysis.yaml`]: analysisTemplates(name, prometheus.url),
  });
  await env.node.pushVersion('v1');
  const first = await shop.push({ tag: 'v1' }, strategy);
  await env.client.createApplication(delivered({ name, repoUrl: repo.dir, path }));
  await shop.settled(first);
  await until(`the gateway serves ${name}`, async () => (await env.node.ask(host)) === 200);
  return shop;
}

function rolloutYaml(registry: string, version: Version, strategy: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  strategy:
${strategy}  template:
${podTemplate(registry, version, 'app: web')}`;
}
