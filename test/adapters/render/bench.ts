import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRenderer, type RendererOptions } from '../../../src/adapters/render';
import type { SourceSpec } from '../../../src/domain/application-spec';
import type { Problem, Read } from '../../../src/domain/problem';
import type { Prepared, RenderRequest } from '../../../src/ports/render';
import { ensureRenderTools } from '../../../tools/local/render-tools';
import { commitFiles, createBareRepo, type BareRepo, type FileSpec } from '../../support/git-repo';
import { createSandbox } from '../../support/git-sandbox';

export type Source = Partial<SourceSpec>;

/** What came out of one request. */
export interface Outcome {
  readonly key?: string;
  readonly tree?: string;
  /** Contents by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

/** A repository, a renderer of the real programs over it, and what they leave behind. */
export interface RenderBench {
  readonly repo: BareRepo;
  readonly dir: string;
  /** Commits files on top of those there are. */
  commit(files: Readonly<Record<string, FileSpec>>): Promise<string>;
  /** Renders a source at a commit, by default at the head of main. */
  render(source: Source, more?: Partial<RenderRequest>): Promise<Outcome>;
  /** Only looks up what a source renders to. */
  prepare(source: Source, more?: Partial<RenderRequest>): Promise<Read<Prepared>>;
  /** Another renderer over the same mirrors. */
  another(options: Partial<RendererOptions>): RenderBench;
  remove(): Promise<void>;
}

export async function createRenderBench(options: Partial<RendererOptions> = {}): Promise<RenderBench> {
  const programs = await ensureRenderTools();
  const [repo, sandbox] = [await createBareRepo(), await createSandbox()];
  const dir = await mkdtemp(join(tmpdir(), 'belay-render-'));
  const benchWith = (given: Partial<RendererOptions>): RenderBench => {
    const renderer = createRenderer({ trees: sandbox.git.trees, dir, programs, ...given });
    const bench: RenderBench = {
      repo,
      dir,
      commit: (files) => commitFiles(repo, files),
      another: (more) => benchWith({ ...given, ...more }),
      prepare: async (source, more = {}) =>
        renderer.prepare(
          {
            application: 'shop',
            namespace: 'market',
            revision: await repo.git('rev-parse', 'main'),
            refs: {},
            capabilities: { kubeVersion: 'v1.36.3', apiVersions: ['apps/v1', 'v1'] },
            ...more,
            source: { repoUrl: repo.url, path: '.', targetRevision: 'main', recurse: false, ...source },
          },
          new AbortController().signal,
        ),
      render: async (source, more = {}) => {
        const prepared = await bench.prepare(source, more);
        if (!prepared.ok) return { files: {}, problems: prepared.problems };
        const { key, tree } = prepared.value;
        const read = await prepared.value.render(new AbortController().signal);
        if (!read.ok) return { key, tree, files: {}, problems: read.problems };
        const files = Object.fromEntries(read.value.map(({ path, content }) => [path, content]));
        return { key, tree, files, problems: [] };
      },
      remove: async () => {
        await Promise.all([repo.remove(), sandbox.remove()]);
        await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      },
    };
    return bench;
  };
  return benchWith(options);
}

/** A manifest of a ConfigMap. */
export function configMap(name: string, data: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}
