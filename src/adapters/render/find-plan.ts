import { createHash } from 'node:crypto';
import type { SourceSpec } from '../../domain/application-spec';
import type { Problem, Read } from '../../domain/problem';
import type { Charts } from '../../ports/charts';
import type { SourceTrees } from '../../ports/git';
import type { RenderRequest } from '../../ports/render';
import { planChart } from './chart-source';
import { detectKind } from './detect';
import { planDirectory } from './directory';
import { usesRevision } from './environment';
import { planHelm } from './helm';
import { planKustomize } from './kustomize';
import { areCurrent, type AllowedBases } from './kustomize-bases';
import { withOverrides } from './overrides';
import { failed, type Plan, type PlanRequest } from './plan';
import { isCurrent, type KeptPlan, type PlanCache } from './plan-cache';
import { SourceView } from './source-view';

/** A plan with the tree id of the source's path and the views it was made of. */
export type PlannedSource = KeptPlan;

interface Planning {
  readonly trees: SourceTrees;
  readonly charts: Charts | undefined;
  readonly plans: PlanCache;
  readonly bases?: AllowedBases;
}

/**
 * What a request renders to. A plan for an earlier commit is taken again when nothing that it was made from has changed, which is
 * found out by looking up a few ids.
 */
export async function findPlan(
  { trees, charts, plans, bases }: Planning,
  request: RenderRequest,
  signal: AbortSignal,
): Promise<Read<PlannedSource>> {
  const { source, revision } = request;
  const refs = new Map(
    Object.entries(request.refs).map(([name, ref]) => [name, new SourceView(trees, ref, signal)] as const),
  );
  const view = new SourceView(trees, { repoUrl: source.repoUrl, revision }, signal);
  const views = [view, ...refs.values()];
  if (source.chart !== undefined) {
    const made = await planChart({ request, source, view, refs }, charts);
    return made.ok
      ? { ok: true, value: { plan: made.value.plan, tree: made.value.digest, views, isReusable: false } }
      : made;
  }
  const question = questionOf(request);
  const kept = plans.get(question);
  const isKept =
    kept !== undefined &&
    (await isCurrent(kept.views, views, signal)) &&
    (await areCurrent(kept.plan.bases ?? [], bases, signal));
  if (isKept) {
    if (kept.isReusable || kept.views[0]?.at.revision === revision) return { ok: true, value: kept };
  }
  const made = await makePlan(
    { request, source, path: source.path, view, refs, ...(bases && { bases }) },
    charts,
  );
  if (!made.ok) return made;
  const isReusable = !usesRevision(made.value.source);
  const planned = { plan: made.value.plan, tree: made.value.tree, views, isReusable };
  plans.set(question, planned);
  return { ok: true, value: planned };
}

async function makePlan(
  draft: PlanRequest,
  charts: Charts | undefined,
): Promise<Read<{ plan: Plan; tree: string; source: SourceSpec }>> {
  const { request, view } = draft;
  const path = await view.include(request.source.path);
  if (view.problems.length > 0) return failed(...view.problems);
  if (path === undefined || !view.isDirectory(path)) return failed(pathNotFound(request));
  const tree = view.roots.get(path) ?? view.entry(path)?.id ?? '';
  const read = await withOverrides({ ...draft, path });
  if (!read.ok) return read;
  const source = read.value;
  const kind = detectKind(source, view.names(path));
  if (!kind.ok) return kind;
  const plan = { ...draft, source, path };
  const planners = { directory: planDirectory, kustomize: planKustomize, helm: planHelm };
  const made = await planners[kind.value](plan, charts);
  return made.ok ? { ok: true, value: { plan: made.value, tree, source } } : made;
}

/** Everything of a request but the commits. */
function questionOf({ source, refs, ...rest }: RenderRequest): string {
  const { revision: _revision, ...others } = rest;
  const named = Object.entries(refs).map(([name, { repoUrl }]) => [name, repoUrl]);
  return createHash('sha256')
    .update(JSON.stringify([source, named, others]))
    .digest('hex');
}

function pathNotFound({ source: { path }, revision }: RenderRequest): Problem {
  return {
    code: 'PathNotFound',
    field: 'spec.source.path',
    value: path,
    message: `path ${path} does not exist at revision ${revision.slice(0, 12)}`,
    remedy: 'correct spec.source.path, or put the directory back',
  };
}
