import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Read } from '../../domain/problem';
import type { Charts } from '../../ports/charts';
import type { SourceTrees, TreeFile } from '../../ports/git';
import type { PathsOf, Prepared, Renderer, RenderRequest } from '../../ports/render';
import { defaultLimits, type RenderLimits } from './limits';
import type { Plan } from './plan';
import { PlanCache } from './plan-cache';
import type { Confinement } from './confinement';
import { findPlan, type PlannedSource } from './find-plan';
import { rememberingRefs, type AllowedBases } from './kustomize-bases';
import type { ProgramPaths } from './programs';
import { resolveVersions } from './resolve-versions';
import { ResultCache } from './result-cache';
import type { SourceView } from './source-view';
import { Toolbox } from './toolbox';

export type { AllowedBases } from './kustomize-bases';
export type { ProgramPaths } from './programs';
export type { RenderLimits } from './limits';

/** What rendering needs to know. */
export interface RendererOptions {
  readonly trees: SourceTrees;
  /** Chart repositories; without them a chart must be in Git with everything it depends on. */
  readonly charts?: Charts;
  /** Repositories that kustomizations may take bases from; absent: none. */
  readonly bases?: AllowedBases;
  /** Directory for runs and kept results; it may be deleted while no worker runs. */
  readonly dir: string;
  /** Paths of the programs, where they are not to be looked for. */
  readonly programs?: Partial<ProgramPaths>;
  readonly limits?: Partial<RenderLimits>;
  /** Programs that run at a time; default: one for each processor. */
  readonly concurrency?: number;
  /** Bytes of results kept on disk; default 256 MiB. */
  readonly keptBytes?: number;
  /** What the machine is taken to allow, instead of what it does. */
  readonly confinement?: Confinement;
}

/** Counts up when the same files and options come to give another output. */
const format = 1;

/** A Renderer by the real `kustomize` and `helm`, in child processes (see sandbox.ts for what holds them). */
export function createRenderer(options: RendererOptions): Renderer {
  const {
    trees,
    charts,
    confinement,
    limits = {},
    concurrency = availableParallelism(),
    keptBytes = 256 << 20,
  } = options;
  const dir = resolve(options.dir);
  const toolbox = new Toolbox({
    dir,
    programs: options.programs ?? {},
    limits: { ...defaultLimits, ...limits },
    concurrency,
    ...(confinement !== undefined && { confinement }),
  });
  const plans = new PlanCache();
  const bases = options.bases && rememberingRefs(options.bases);
  const results = new ResultCache(dir, keptBytes);
  return {
    async prepare(request, signal): Promise<Read<Prepared>> {
      const planned = await findPlan({ trees, charts, plans, ...(bases && { bases }) }, request, signal);
      if (!planned.ok) return planned;
      const { plan, tree } = planned.value;
      const versions = await resolveVersions(plan.unlocked ?? [], charts, signal);
      if (!versions.ok) return versions;
      const program = plan.program === undefined ? undefined : await toolbox.find(plan.program);
      if (program?.ok === false) return program;
      const key = keyOf(request, planned.value, [program?.value.version, [...versions.value]]);
      return {
        ok: true,
        value: {
          key,
          tree,
          ...(isOfItsFiles(planned.value) && { uses: planned.value.views.map(pathsOf) }),
          render: (stop) =>
            rendered(results, key, plan, () =>
              plan.render({ toolbox, signal: stop, versions: versions.value }),
            ),
        },
      };
    },
  };
}

/** What a program made is kept; plain files are in the mirror already. */
async function rendered(
  results: ResultCache,
  key: string,
  plan: Plan,
  render: () => Promise<Read<readonly TreeFile[]>>,
): Promise<Read<readonly TreeFile[]>> {
  if (plan.program === undefined) return await render();
  const kept = await results.get(key);
  if (kept !== undefined) return { ok: true, value: kept };
  const read = await render();
  if (read.ok) await results.set(key, read.value);
  return read;
}

/** Names of commits, bases elsewhere and versions in a range move without a file of the source. */
function isOfItsFiles({ plan: { bases = [], unlocked = [] }, isReusable }: PlannedSource): boolean {
  return isReusable && bases.length + unlocked.length === 0;
}

function pathsOf({ at, roots, missing }: SourceView): PathsOf {
  return { repoUrl: at.repoUrl, paths: [...roots.keys(), ...missing] };
}

function keyOf({ source }: RenderRequest, { plan, views }: PlannedSource, rest: readonly unknown[]): string {
  const used = views.map(({ roots, missing }) => [[...roots].sort(), [...missing].sort()]);
  const material = [format, source.chart ?? source.path, plan.program, plan.material, used, rest];
  return createHash('sha256').update(JSON.stringify(material)).digest('hex');
}
