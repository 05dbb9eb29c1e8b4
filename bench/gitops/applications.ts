import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../src/activities/parallel';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import { delivered } from '../../tools/local/delivered';
import { filesOf, nameOf, type Version } from './manifests';
import type { Monorepo } from './monorepo';
import { measure, type Phase } from './phase';
import type { Stage } from './stage';
import { checkSynced, whenSynced } from './synced';

/** The applications of the bench: their versions in Git, and how they become so in the cluster. */
export class Applications {
  readonly #versions: Version[];

  constructor(
    readonly stage: Stage,
    readonly repository: Monorepo,
    readonly count: number,
  ) {
    this.#versions = Array.from({ length: count }, () => ({ setting: 0, template: 0 }));
  }

  /** Pushes all manifests and creates all applications. */
  async create(): Promise<Phase> {
    const { revision } = await this.repository.push('All applications', {
      'README.md': 'a monorepo\n',
      ...this.#files((version) => version),
    });
    return this.#untilSynced('first sync', revision, async () => {
      const from = performance.now();
      const names = this.#versions.map((_, index) => nameOf(index));
      await inParallel(16, names, (name) => this.stage.client.createApplication(this.#specOf(name)));
      return from;
    });
  }

  changeSettings(): Promise<Phase> {
    return this.#change('one commit: a ConfigMap of every application', (version) => ({
      ...version,
      setting: version.setting + 1,
    }));
  }

  changeTemplates(): Promise<Phase> {
    return this.#change('one commit: the Deployment of every application', (version) => ({
      ...version,
      template: version.template + 1,
    }));
  }

  async changeElsewhere(): Promise<Phase> {
    const text = `a monorepo, ${performance.now()}\n`;
    return this.#push('one commit elsewhere in the repository', { 'README.md': text });
  }

  /** A commit that changes the ConfigMap of one application; answers its new value and when Git had it. */
  async changeOne(
    index: number,
  ): Promise<{ readonly setting: string; readonly revision: string; readonly at: number }> {
    const version = this.#versions[index] ?? { setting: 0, template: 0 };
    const next = { ...version, setting: version.setting + 1 };
    this.#versions[index] = next;
    const name = nameOf(index);
    const text = filesOf(name, next)['settings.yaml'] ?? '';
    const pushed = await this.repository.push(`Change ${name}`, { [`apps/${name}/settings.yaml`]: text });
    return { ...pushed, setting: String(next.setting) };
  }

  settingOf(index: number): string {
    return String(this.#versions[index]?.setting ?? 0);
  }

  async #change(name: string, change: (version: Version) => Version): Promise<Phase> {
    return this.#push(name, this.#files(change));
  }

  async #push(name: string, files: Readonly<Record<string, string>>): Promise<Phase> {
    const pushed = { revision: '' };
    return this.#untilSynced(name, pushed, async () => {
      const { revision, at } = await this.repository.push(name, files);
      pushed.revision = revision;
      return at;
    });
  }

  /** `begin` answers the moment from which the time counts. */
  async #untilSynced(
    name: string,
    target: string | { readonly revision: string },
    begin: () => Promise<number>,
  ): Promise<Phase> {
    const { stage, count } = this;
    const phase = await measure(stage, { name, applications: count }, async () => {
      const from = await begin();
      const revision = typeof target === 'string' ? target : target.revision;
      const [half = 0, most = 0, all = 0] = await whenSynced(stage, revision, count);
      const seconds = (moment: number): string => ((moment - from) / 1000).toFixed(1);
      process.stderr.write(
        `${name}: half ${seconds(half)} s, 95 % ${seconds(most)} s, all ${seconds(all)} s\n`,
      );
      // What is written after that, such as the mirrored state, is part of the cost.
      await sleep(2_000);
      return (all - from) / 1000;
    });
    await checkSynced(stage, typeof target === 'string' ? target : target.revision, count);
    return phase;
  }

  #files(change: (version: Version) => Version): Record<string, string> {
    const files: Record<string, string> = {};
    for (const [index, version] of this.#versions.entries()) {
      const next = change(version);
      this.#versions[index] = next;
      for (const [file, text] of Object.entries(filesOf(nameOf(index), next)))
        files[`apps/${nameOf(index)}/${file}`] = text;
    }
    return files;
  }

  #specOf(name: string): ApplicationSpec {
    return delivered({ name, repoUrl: this.repository.url, path: `apps/${name}` });
  }
}
