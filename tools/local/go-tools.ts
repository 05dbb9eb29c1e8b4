import { join } from 'node:path';
import { ensureTool } from './cache';
import { runCommand } from './command';
import { toolsPath } from './paths';
import { checkGoBuild } from './prerequisites';

const KUBERNETES_VERSION = '1.36.3';
const KWOK_VERSION = '0.8.0';

/** Returns the program that holds the Kubernetes control plane, built at first use. */
export function ensureControlPlane(): Promise<string> {
  const module = toolsPath('cluster');
  return ensureTool({
    name: 'cluster',
    version: KUBERNETES_VERSION,
    sources: ['go.mod', 'go.sum', 'main.go', 'pki.go'].map((file) => join(module, file)),
    label: `building kubernetes control plane ${KUBERNETES_VERSION} (first time only, about 7 min on 2 cores)`,
    make: (directory) => buildGo(module, '.', join(directory, 'cluster')),
  });
}

/** Returns kwok, the program that plays the nodes' part, built at first use. */
export function ensureKwok(): Promise<string> {
  const module = toolsPath('kwok');
  return ensureTool({
    name: 'kwok',
    version: KWOK_VERSION,
    sources: ['go.mod', 'go.sum'].map((file) => join(module, file)),
    label: `building kwok ${KWOK_VERSION} (first time only, about 1.5 min on 2 cores)`,
    make: (directory) => buildGo(module, 'sigs.k8s.io/kwok/cmd/kwok', join(directory, 'kwok')),
  });
}

/** Builds a program of a pinned Go module; `tags` are its build constraints. */
export async function buildGo(
  module: string,
  target: string,
  output: string,
  tags: string[] = [],
): Promise<void> {
  await checkGoBuild();
  const flags = [
    '-tags',
    tags.join(','),
    '-buildvcs=false',
    '-trimpath',
    '-mod=readonly',
    '-ldflags',
    '-s -w',
  ];
  // The module is pinned by its go.sum alone: a workspace or flags of the user's would change that.
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };
  await runCommand('go', ['build', ...flags, '-o', output, target], { cwd: module, env });
}
