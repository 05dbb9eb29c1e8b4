import type { ApplicationSpec, SourceSpec } from './application-spec';
import { readDuration } from './duration';
import type { Fields } from './fields';
import { readMembership } from './read-membership';
import { resolvePath } from './read-repo-path';
import { didYouMean } from './read-suggestion';
import { readText } from './read-texts';
import { readWith } from './read-with';

const prefix = 'argocd.argoproj.io/';
const generatePaths = `${prefix}manifest-generate-paths`;
const syncWave = `${prefix}sync-wave`;
const skipReconcile = `${prefix}skip-reconcile`;
const syncTimeout = 'belay.dev/sync-timeout';
const policies = 'belay.dev/policies';
/** What Argo CD reads or writes on an Application and Belay has no use for: accepted without effect. */
const without = [
  ...['refresh', 'refresh-timestamp', 'hydrate', 'hydrate-timestamp', 'application-set-refresh'],
  ...['compare-options', 'sync-options', 'hook', 'hook-delete-policy', 'ignore-healthcheck'],
  ...['tracking-id', 'installation-id', 'managed-by-url', 'ignore-default-links', 'deletion-approved'],
  ...['ignore-resource-updates', 'client-side-apply-migration-manager'],
].map((name) => prefix + name);
const known = [generatePaths, syncWave, skipReconcile, ...without];

/** Reads the annotations of an Application that its sources and its syncs depend on; without `sources` no path is checked. */
export function readApplicationAnnotations(
  top: Fields,
  sources: readonly SourceSpec[] | undefined,
): Pick<
  ApplicationSpec,
  'generatePaths' | 'generatePathsBySource' | 'syncTimeoutMs' | 'policies' | 'release'
> {
  const annotations = top.map('metadata')?.map('annotations');
  if (annotations === undefined) return {};
  reportUnknown(annotations);
  refuseSkipping(annotations);
  const wave = readWave(annotations);
  const paths = sources === undefined ? [] : readGeneratePaths(annotations, sources);
  const syncTimeoutMs = readTimeout(annotations);
  const folder = readPolicies(annotations, sources?.[0]);
  return {
    ...(paths.length > 0 && { generatePaths: paths }),
    ...(paths.length > 0 &&
      sources !== undefined &&
      sources.length > 1 && { generatePathsBySource: sources.map((each) => pathsOf(annotations, each)) }),
    ...(syncTimeoutMs !== undefined && { syncTimeoutMs }),
    ...(folder !== undefined && { policies: folder }),
    ...readMembership(annotations, wave),
  };
}

/** Other prefixes, such as `notifications.argoproj.io/` and `link.argocd.argoproj.io/`, are other people's. */
function reportUnknown(annotations: Fields): void {
  for (const name of Object.keys(annotations.values)) {
    if (!name.startsWith(prefix) || known.includes(name)) continue;
    const remedy = didYouMean(name, known, 'remove it');
    const path = [...annotations.path, name];
    annotations.report({ code: 'UnknownField', path, message: 'unknown annotation of Argo CD', remedy });
  }
}

/** Not to hear this wish would deploy where nothing is to be touched. */
function refuseSkipping(annotations: Fields): void {
  if (annotations.raw(skipReconcile) !== 'true') return;
  const message = 'an application that is not reconciled is not supported yet';
  const remedy =
    'remove the annotation, and syncPolicy.automated with it: nothing is synced until somebody asks';
  annotations.report({ code: 'Unsupported', path: [...annotations.path, skipReconcile], message, remedy });
}

/** Members of a release of a lower wave are out before; without a release it has no effect. */
function readWave(annotations: Fields): number {
  const wave = annotations.raw(syncWave);
  if (typeof wave !== 'string') return 0;
  if (/^[-+]?\d+$/.test(wave)) return Number(wave);
  const remedy = 'write a whole number in quotes';
  annotations.invalid(syncWave, `"${wave}" is no wave`, { value: wave, remedy });
  return 0;
}

/**
 * `;`-separated, `/…` from the root, everything else relative to the path of a source: of each one where there are several,
 * as in Argo CD. Entries may be patterns.
 */
function readGeneratePaths(annotations: Fields, sources: readonly SourceSpec[]): readonly string[] {
  const bases = sources.filter(({ chart, refOnly }) => chart === undefined && refOnly !== true);
  const paths = entriesOf(annotations).flatMap((entry) =>
    entry.startsWith('/') || bases.length === 0
      ? [{ entry, path: resolvePath('.', entry) }]
      : bases.map((base) => ({ entry, path: resolvePath(base.path, entry) })),
  );
  for (const { entry } of paths.filter(({ path }) => path === undefined)) {
    const remedy = "write it relative to the application's path, or from the root with a slash in front";
    annotations.invalid(generatePaths, `path ${entry} leaves the repository`, { value: entry, remedy });
  }
  return unique(paths.map(({ path }) => path));
}

/** The paths of one source; none of one that is a chart, or is only referred to. */
function pathsOf(annotations: Fields, { path, chart, refOnly }: SourceSpec): readonly string[] {
  if (chart !== undefined || refOnly === true) return [];
  return unique(
    entriesOf(annotations).map((entry) => resolvePath(entry.startsWith('/') ? '.' : path, entry)),
  );
}

function entriesOf(annotations: Fields): readonly string[] {
  if (typeof annotations.raw(generatePaths) !== 'string') return [];
  const entries = (readText(annotations, generatePaths) ?? '').split(';').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

function unique(paths: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** As with Argo CD's own timeout, 0 is none. */
function readTimeout(annotations: Fields): number | undefined {
  if (typeof annotations.raw(syncTimeout) !== 'string') return undefined;
  return readWith(annotations, syncTimeout, readDuration) || undefined;
}

/** A folder of the repository of the primary source, at the same revision. */
function readPolicies(annotations: Fields, primary: SourceSpec | undefined): string | undefined {
  const text = readText(annotations, policies)?.trim();
  if (text === undefined || text === '') return undefined;
  const path = resolvePath('.', text);
  if (path === undefined) {
    const remedy = 'name a folder of the repository, from its root';
    annotations.invalid(policies, `path ${text} leaves the repository`, { value: text, remedy });
  } else if (primary?.chart !== undefined) {
    const remedy = 'give them to the worker with --policies';
    annotations.invalid(policies, 'a chart repository has no folder of policies', { value: text, remedy });
  }
  return path;
}
