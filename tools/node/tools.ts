import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from '../local/cache';
import { runCommand } from '../local/command';
import { buildGo } from '../local/go-tools';
import { toolsPath } from '../local/paths';
import { ensureEnvoy } from './envoy';

/** The programs of the node that are built or fetched, by their paths. */
export interface NodeTools {
  readonly kubelet: string;
  /** Beside it, in `kinds`, are the YAML files of the Gateway API's and Contour's kinds. */
  readonly contour: string;
  readonly envoy: string;
  readonly vegeta: string;
  readonly prometheus: string;
  /** The sample application, which is put into images. */
  readonly app: string;
}

/** A program that is built from a Go module in tools/node/. */
interface GoProgram {
  readonly name: string;
  readonly version: string;
  /** Its folder in tools/, `node/<name>` unless told otherwise. */
  readonly module?: string;
  readonly tags?: string[];
  /** The files of the module beside go.mod that decide what is built. */
  readonly sources: readonly string[];
  /** The package to build, of this module unless told otherwise. */
  readonly target?: string;
  /** How long it takes, for the one who waits. */
  readonly takes: string;
  readonly also?: (module: string, directory: string) => Promise<void>;
}

const app: GoProgram = {
  name: 'app',
  version: '1',
  sources: ['main.go', 'handler.go', 'fault.go'],
  takes: 'seconds',
};
const vegeta: GoProgram = {
  name: 'vegeta',
  version: '12.13.0',
  sources: ['go.sum'],
  target: 'github.com/tsenart/vegeta/v12',
  takes: 'about 15 s on 2 cores',
};
const contour: GoProgram = {
  name: 'contour',
  version: '1.33.8',
  sources: ['go.sum'],
  target: 'github.com/projectcontour/contour/cmd/contour',
  takes: 'about 2 min on 2 cores',
  also: copyKinds,
};
const kubelet: GoProgram = {
  name: 'kubelet',
  version: '1.36.3',
  sources: ['go.sum', 'main.go'],
  takes: 'about 2 min on 2 cores',
};
/** The one of the other tests, with the discovery of pods, which those do without. */
const prometheus: GoProgram = {
  name: 'prometheus-kubernetes',
  version: '3.15.0',
  module: 'prometheus',
  sources: ['go.sum'],
  tags: ['remove_all_sd', 'enable_kubernetes_sd', 'netgo'],
  target: 'github.com/prometheus/prometheus/cmd/prometheus',
  takes: 'about 2 min on 2 cores',
};

/** Builds and fetches, at first use, what the node needs besides Debian's packages. */
export async function ensureNodeTools(): Promise<NodeTools> {
  return {
    envoy: await ensureEnvoy(),
    app: await ensureGoProgram(app),
    vegeta: await ensureGoProgram(vegeta),
    kubelet: await ensureGoProgram(kubelet),
    contour: await ensureGoProgram(contour),
    prometheus: await ensureGoProgram(prometheus),
  };
}

function ensureGoProgram(program: GoProgram): Promise<string> {
  const { name, version, sources, target = '.', tags = [], takes, also } = program;
  const module = toolsPath(program.module ?? join('node', name));
  return ensureTool({
    name,
    version,
    sources: ['go.mod', ...sources].map((file) => join(module, file)),
    label: `building ${name} ${version} (first time only, ${takes})`,
    make: async (directory) => {
      await buildGo(module, target, join(directory, name), tags);
      await also?.(module, directory);
    },
  });
}

/** Contour wants the kinds of the very version of the Gateway API that it is built with, and the experimental ones among them. */
async function copyKinds(module: string, directory: string): Promise<void> {
  const kinds = join(directory, 'kinds');
  await mkdir(kinds);
  const gatewayApi = join(
    await findModule(module, 'sigs.k8s.io/gateway-api'),
    'config',
    'crd',
    'experimental',
  );
  const files = (await readdir(gatewayApi)).filter((file) => file.startsWith('gateway.networking.k8s.io_'));
  const own = join(await findModule(module, 'github.com/projectcontour/contour'), 'examples', 'contour');
  const sources = [...files.map((file) => join(gatewayApi, file)), join(own, '01-crds.yaml')];
  for (const [index, source] of sources.entries()) {
    const copy = join(kinds, `${index}.yaml`);
    await copyFile(source, copy);
    await chmod(copy, 0o644); // the module cache is read-only
  }
}

async function findModule(module: string, name: string): Promise<string> {
  const env = { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' };
  const listed = await runCommand('go', ['list', '-m', '-f', '{{.Dir}}', name], { cwd: module, env });
  return listed.stdout.trim();
}
