import type { SourceSpec } from '../../domain/application-spec';
import type { Problem, Read } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';
import type { RenderRequest } from '../../ports/render';
import type { Remote } from './helm-chart';
import type { AllowedBases, Base } from './kustomize-bases';
import type { ProgramName } from './programs';
import type { SourceView } from './source-view';
import type { Toolbox } from './toolbox';

/** What a source needs to be planned. */
export interface PlanRequest {
  readonly request: RenderRequest;
  /** `request.source` with what files in the repository override. */
  readonly source: SourceSpec;
  /** Real path of the source's directory. */
  readonly path: string;
  readonly view: SourceView;
  /** Views of other repositories by the name they are referred to. */
  readonly refs: ReadonlyMap<string, SourceView>;
  /** Repositories that kustomizations may take bases from; absent: none. */
  readonly bases?: AllowedBases;
}

/** A rendering that is known, but not done. */
export interface Plan {
  readonly program?: ProgramName;
  /** What the output depends on besides the files: options, and for Helm release and capabilities. */
  readonly material: unknown;
  /** Charts with a range of versions and no lock: what they are resolved to decides the output too. */
  readonly unlocked?: readonly Remote[];
  /** Commits of other repositories: a plan is good as long as their refs name them. */
  readonly bases?: readonly Base[];
  render(run: PlanRun): Promise<Read<readonly TreeFile[]>>;
}

export interface PlanRun {
  readonly toolbox: Toolbox;
  readonly signal: AbortSignal;
  /** Versions of the `unlocked` charts, by `versionKey`. */
  readonly versions: ReadonlyMap<string, string>;
}

export function failed(...problems: readonly Problem[]): {
  readonly ok: false;
  readonly problems: readonly Problem[];
} {
  return { ok: false, problems };
}
