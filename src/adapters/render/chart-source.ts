import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import type { Problem, Read } from '../../domain/problem';
import type { Charts } from '../../ports/charts';
import { buildEnvironment, substitute } from './environment';
import { settingsOf } from './helm-arguments';
import { template } from './helm';
import { writeRefs } from './helm-refs';
import { findValueFiles, type FoundFile } from './helm-value-files';
import { joinInside } from './paths';
import { failed, type Plan, type PlanRequest } from './plan';
import { readArchive } from './tar';

/** A plan with the digest of the archive, which stands for the tree. */
export interface ChartPlan {
  readonly plan: Plan;
  readonly digest: string;
}

/** `helm template` of a chart of a chart repository: its archive is fetched here, nothing afterwards. */
export async function planChart(
  plan: Omit<PlanRequest, 'path'>,
  charts: Charts | undefined,
): Promise<Read<ChartPlan>> {
  const { request, source, view, refs } = plan;
  const { chart = '', repoUrl, helm = {} } = source;
  if (charts === undefined) {
    const message = `this worker fetches no charts, so not ${chart} of ${repoUrl}`;
    return failed({
      code: 'Unsupported',
      field: 'spec.source.chart',
      message,
      remedy: 'allow the chart repository',
    });
  }
  const { archive, digest } = await charts.fetch({ repoUrl, chart }, request.revision, view.signal);
  const variables = buildEnvironment(request);
  const settings = settingsOf(helm, request, variables);
  const isOwn = (file: string): boolean => !/^\$[A-Za-z0-9_-]+\//.test(file);
  const own = await ownFiles(archive, {
    chart,
    paths: [...(helm.valueFiles ?? []), ...(helm.fileParameters ?? []).map(({ path }) => path)]
      .filter(isOwn)
      .map((path) => substitute(path, variables)),
  });
  const problems: Problem[] = [];
  const pick = (path: string, optional: boolean, field: string): FoundFile[] => {
    const found = own.get(substitute(path, variables));
    if (found !== undefined) return [{ ref: ownFolder, path: found.place }];
    const message = `${path} is not in chart ${chart} ${request.revision}`;
    const remedy = 'correct the path, or set ignoreMissingValueFiles';
    if (!optional) problems.push({ code: 'PathNotFound', field, message, value: path, remedy });
    return [];
  };
  const fromRefs = async (
    path: string,
    field: 'valueFiles' | 'fileParameters',
  ): Promise<readonly FoundFile[]> => {
    const only = field === 'valueFiles' ? { valueFiles: [path] } : { fileParameters: [{ name: '', path }] };
    const found = await findValueFiles(
      { ...plan, path: '.' },
      { ...helm, valueFiles: [], fileParameters: [], ...only },
      variables,
    );
    return [...found.values, ...found.parameters.map(({ file }) => file)];
  };
  const values: FoundFile[] = [];
  for (const path of helm.valueFiles ?? []) {
    const field = 'spec.source.helm.valueFiles';
    const optional = helm.ignoreMissingValueFiles === true;
    values.push(...(isOwn(path) ? pick(path, optional, field) : await fromRefs(path, 'valueFiles')));
  }
  const parameters: { name: string; file: FoundFile }[] = [];
  for (const { name, path } of helm.fileParameters ?? []) {
    const field = 'spec.source.helm.fileParameters';
    const found = isOwn(path) ? pick(path, false, field) : await fromRefs(path, 'fileParameters');
    parameters.push(...found.map((file) => ({ name, file })));
  }
  for (const ref of refs.values()) await ref.followLinks();
  problems.push(...view.problems, ...[...refs.values()].flatMap((each) => each.problems));
  if (problems.length > 0) return failed(...problems);
  const files = { values, parameters };
  const made: Plan = {
    program: 'helm',
    material: { settings, files, digest },
    render: ({ toolbox, signal }) =>
      toolbox.use('helm', signal, async (jail, exec) => {
        // Asked again: the cache may have dropped it since.
        const again = await charts.fetch({ repoUrl, chart }, request.revision, signal);
        if (again.digest !== digest) return failed(replaced(chart, request.revision, repoUrl));
        await copyFile(again.archive, jail.path('repo', 'chart.tgz'));
        await writeRefs(jail, refs, signal);
        for (const { place, content } of own.values()) {
          const target = jail.path('refs', ownFolder, place);
          await mkdir(dirname(target), { recursive: true });
          await writeFile(target, content);
        }
        return await template({ jail, exec }, { settings, files, path: chart, chart: 'repo/chart.tgz' });
      }),
  };
  return { ok: true, value: { plan: made, digest } };
}

function replaced(chart: string, version: string, repoUrl: string): Problem {
  const message = `chart ${chart} ${version} of ${repoUrl} was replaced by another one while it was rendered`;
  return { code: 'InvalidSpec', message, remedy: 'sync again; a version that is out should stay what it is' };
}

/** No source can have this as its ref. */
const ownFolder = '~chart';

/** Files that come with the chart, by the path as it is written. */
async function ownFiles(
  archive: string,
  { chart, paths }: { readonly chart: string; readonly paths: readonly string[] },
): Promise<Map<string, { place: string; content: Buffer }>> {
  const places = new Map<string, string>();
  for (const path of paths) {
    const place = joinInside('.', path.replace(/^\/+/, ''));
    if (place !== undefined) places.set(path, place);
  }
  if (places.size === 0) return new Map();
  const name = chart.slice(chart.lastIndexOf('/') + 1);
  const inArchive = (place: string): string => posix.join(name, place);
  const contents = await readArchive(archive, new Set([...places.values()].map(inArchive)));
  return new Map(
    [...places].flatMap(([path, place]) => {
      const content = contents.get(inArchive(place));
      return content === undefined ? [] : [[path, { place, content }] as const];
    }),
  );
}
