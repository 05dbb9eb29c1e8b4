import { join } from 'node:path';
import { pinnedVersions, type ProgramName, type ProgramPaths } from '../../src/adapters/render/programs';
import { ensureTool } from './cache';
import { buildGo } from './go-tools';
import { toolsPath } from './paths';

/** One of the programs that make manifests, pinned by tools/render/go.mod. */
interface RenderTool {
  readonly name: ProgramName;
  readonly target: string;
  readonly takes: string;
}

const kustomize: RenderTool = {
  name: 'kustomize',
  target: 'sigs.k8s.io/kustomize/kustomize/v5',
  takes: 'about 30 s on 2 cores',
};

const helm: RenderTool = {
  name: 'helm',
  target: 'helm.sh/helm/v3/cmd/helm',
  takes: 'about 2 min on 2 cores',
};

/** Gives the real `kustomize` and `helm`, built at first use one after the other and kept in the cache. */
export async function ensureRenderTools(): Promise<ProgramPaths> {
  return { kustomize: await ensure(kustomize), helm: await ensure(helm) };
}

async function ensure({ name, target, takes }: RenderTool): Promise<string> {
  const version = pinnedVersions[name];
  const module = toolsPath('render');
  return await ensureTool({
    name,
    version,
    sources: ['go.mod', 'go.sum'].map((file) => join(module, file)),
    label: `building ${name} ${version} (first time only, ${takes})`,
    make: (directory) => buildGo(module, target, join(directory, name)),
  });
}
