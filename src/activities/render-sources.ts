import { sourcesOf, type PinnedSource, type RevisionSource } from '../domain/revision-source';
import type { Located } from '../domain/located';
import type { Problem, Read } from '../domain/problem';
import type { TreeFile } from '../ports/git';
import type { Capabilities, PathsOf, Prepared, RefSource, Renderer } from '../ports/render';
import type { Ports } from './ports';

/** Renderings of all sources of an application, looked up but not done. */
export interface PreparedSources {
  /** Equal keys have equal files. */
  readonly key: string;
  /** Tree id of the primary source's path. */
  readonly tree: string;
  /** What of the repositories decides the files; absent: every commit counts. */
  readonly uses?: readonly PathsOf[];
  render(): Promise<Read<readonly TreeFile[]>>;
}

/** Looks up what every source of an application renders to. */
export async function prepareSources(
  renderer: Renderer,
  source: RevisionSource,
  { capabilities, signal }: { readonly capabilities: Capabilities; readonly signal: AbortSignal },
): Promise<Read<PreparedSources>> {
  const sources = sourcesOf(source);
  const refs = refsOf(sources);
  const { application = '', namespace = '' } = source;
  const delivering = sources.filter((each) => each.source.refOnly !== true);
  const read = await Promise.all(
    delivering.map((each) =>
      renderer.prepare({ application, namespace, ...each, refs, capabilities }, signal),
    ),
  );
  const prepared = allOf(read);
  if (!prepared.ok) return prepared;
  const primary = prepared.value[delivering.findIndex((each) => each === sources[0])] ?? prepared.value[0];
  const uses = prepared.value.map((each) => each.uses);
  return {
    ok: true,
    value: {
      key: prepared.value.map((each) => each.key).join(' '),
      tree: primary?.tree ?? '',
      ...(uses.includes(undefined) ? {} : { uses: uses.flatMap((each) => each ?? []) }),
      render: () => renderAll(delivering, prepared.value, signal),
    },
  };
}

/** The objects of what was looked up; a chart or kustomization is rendered now, unless it is kept. */
export async function renderObjects(
  prepared: PreparedSources,
  manifests: Ports['manifests'],
  namespace: string,
): Promise<Read<readonly Located[]>> {
  const files = await prepared.render();
  return files.ok ? manifests(files.value, { recurse: true, namespace }) : files;
}

async function renderAll(
  sources: readonly PinnedSource[],
  prepared: readonly Prepared[],
  signal: AbortSignal,
): Promise<Read<readonly TreeFile[]>> {
  const rendered: Read<readonly TreeFile[]>[] = [];
  for (const [index, each] of prepared.entries()) {
    const read = await each.render(signal);
    rendered.push(read.ok && index > 0 ? { ok: true, value: named(read.value, sources[index]) } : read);
  }
  const all = allOf(rendered);
  return all.ok ? { ok: true, value: all.value.flat() } : all;
}

/** Files of other sources are named with their repository: two sources may have the same paths. */
function named(files: readonly TreeFile[], pinned: PinnedSource | undefined): readonly TreeFile[] {
  const { repoUrl = '', chart } = pinned?.source ?? {};
  const repository =
    (chart ?? repoUrl)
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .at(-1) ?? '';
  return files.map((file) => ({ ...file, path: `${repository}: ${file.path}` }));
}

function refsOf(sources: readonly PinnedSource[]): Readonly<Record<string, RefSource>> {
  const named = sources.filter(({ source }) => source.ref !== undefined);
  return Object.fromEntries(
    named.map(({ source, revision }) => [source.ref ?? '', { repoUrl: source.repoUrl, revision }]),
  );
}

function allOf<T>(reads: readonly Read<T>[]): Read<readonly T[]> {
  const problems: readonly Problem[] = reads.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: reads.flatMap((each) => (each.ok ? [each.value] : [])) };
}
