import { join } from 'node:path';
import { ensureTool } from './cache';
import { buildGo } from './go-tools';
import { toolsPath } from './paths';

/** One of the programs that make manifests, pinned by tools/render/go.mod. */
interface RenderTool {
  readonly name: 'kustomize' | 'helm';
  readonly version: string;
  readonly target: string;
  readonly takes: string;
}

const kustomize: RenderTool = {
  name: 'kustomize',
  version: '5.8.1',
  target: 'sigs.k8s.io/kustomize/kustomize/v5',
  takes: 'about 20 s on 2 cores',
};

const helm: RenderTool = {
  name: 'helm',
  version: '3.22.0',
  target: 'helm.sh/helm/v3/cmd/helm',
  takes: 'about 2 min on 2 cores',
};

/** Paths of the real `kustomize` and `helm`, built at first use and kept in the cache. */
export interface RenderTools {
  readonly kustomize: string;
  readonly helm: string;
}

/** Builds what is not in the cache yet. One after the other: both share most of their packages. */
export async function ensureRenderTools(): Promise<RenderTools> {
  return { kustomize: await ensure(kustomize), helm: await ensure(helm) };
}

async function ensure({ name, version, target, takes }: RenderTool): Promise<string> {
  const module = toolsPath('render');
  return await ensureTool({
    name,
    version,
    sources: ['go.mod', 'go.sum'].map((file) => join(module, file)),
    label: `building ${name} ${version} (first time only, ${takes})`,
    make: (directory) => buildGo(module, target, join(directory, name)),
  });
}
