import type { ApplicationSpec, SourceSpec } from './application-spec';

/** Everything that determines the manifests of an application: each of its sources at a fixed revision. Small enough for a history. */
export interface RevisionSource {
  readonly repoUrl: string;
  readonly path: string;
  readonly revision: string;
  /** `directory.recurse`: sub-directories count. Default false. */
  readonly recurse?: boolean;
  /** Name and destination namespace of the application, which templates may use. */
  readonly application?: string;
  readonly namespace?: string;
  /** The whole source where there is more to say than a plain directory: a chart, options of Kustomize or Helm. */
  readonly options?: SourceSpec;
  /** The application's other sources. */
  readonly others?: readonly PinnedSource[];
}

export interface PinnedSource {
  readonly source: SourceSpec;
  /** A commit; of a chart of a chart repository: its version. */
  readonly revision: string;
}

/** The sources of an application at `revision`; `pins` are the revisions of its other sources, in their order. */
export function revisionSource(
  spec: ApplicationSpec,
  revision: string,
  pins: readonly string[] = [],
): RevisionSource {
  const { source, otherSources = [] } = spec;
  const { repoUrl, path, recurse } = source;
  const others = otherSources.map((each, index) => ({ source: each, revision: pins[index] ?? '' }));
  return {
    repoUrl,
    path,
    recurse,
    revision,
    application: spec.name,
    namespace: spec.destination.namespace,
    ...(isPlain(source) ? {} : { options: source }),
    ...(others.length === 0 ? {} : { others }),
  };
}

/** Every source with its revision, the primary one first. */
export function sourcesOf(source: RevisionSource): readonly PinnedSource[] {
  const { repoUrl, path, revision, recurse = false, options, others = [] } = source;
  const primary = options ?? { repoUrl, path, recurse, targetRevision: revision };
  return [{ source: primary, revision }, ...others];
}

/** Names what is looked at: the primary source's revision, and those of the others where there are any. */
export function lookedAt(revision: string, pins: readonly string[] = []): string {
  return [revision, ...pins].join('+');
}

/** Whether the revision of every other source is known. */
export function isPinned(spec: ApplicationSpec, pins: readonly string[] = []): boolean {
  return (spec.otherSources ?? []).every((_source, index) => (pins[index] ?? '') !== '');
}

function isPlain({ chart, ref, directory, kustomize, helm }: SourceSpec): boolean {
  return [chart, ref, directory, kustomize, helm].every((each) => each === undefined);
}
