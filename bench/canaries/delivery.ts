import { inParallel } from '../../src/activities/parallel';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import { lookSignal, repositoryObserverId } from '../../src/messages/observer';
import type { Monorepo, Pushed } from '../gitops/monorepo';
import type { Stage } from '../gitops/stage';
import { delivered } from '../../tools/local/delivered';
import { whenSynced } from '../gitops/synced';
import { nameOf, namespace, rolloutOf } from './manifests';
import type { Options, Shape } from './options';

/** The canaries as applications of one repository. */
export class Delivery {
  constructor(
    readonly stage: Stage,
    readonly repository: Monorepo,
    readonly options: Pick<Options, 'number' | 'replicas'>,
    readonly shape: Shape,
  ) {}

  /** The first version of all, which moves no traffic; resolves when all are synced. */
  async create(): Promise<void> {
    const { stage, shape, options } = this;
    const { revision } = await this.#push(1, options.number);
    const paths =
      shape === 'one' ? [['canaries', 'apps']] : this.#names().map((name) => [name, `apps/${name}`]);
    await inParallel(16, paths, ([name = '', path = '']) =>
      stage.client.createApplication(specOf(name, path, this.repository.url)),
    );
    await whenSynced(stage, revision, paths.length);
  }

  /** Pushes a version for the first so many canaries, and tells of it as a webhook would. */
  async push(version: number, canaries: number): Promise<Pushed> {
    const pushed = await this.#push(version, canaries);
    const observer = this.stage.temporal.workflow.getHandle(repositoryObserverId(this.repository.url));
    await observer.signal(lookSignal);
    return pushed;
  }

  #push(version: number, canaries: number): Promise<Pushed> {
    const { replicas } = this.options;
    const files = this.#names()
      .slice(0, canaries)
      .map((name) => [`apps/${name}/rollout.yaml`, JSON.stringify(rolloutOf(name, { version, replicas }))]);
    return this.repository.push(`Version ${version}`, Object.fromEntries(files) as Record<string, string>);
  }

  #names(): readonly string[] {
    return Array.from({ length: this.options.number }, (_, index) => nameOf(index));
  }
}

/** An application of a directory, all in one namespace. */
export function specOf(name: string, path: string, repoUrl: string): ApplicationSpec {
  return delivered({ name, repoUrl, path, namespace, recurse: true });
}
