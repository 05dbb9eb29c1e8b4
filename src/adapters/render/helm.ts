import { writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Problem, Read } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';
import type { Charts } from '../../ports/charts';
import { buildEnvironment } from './environment';
import { settingsOf, templateArguments, type HelmSettings } from './helm-arguments';
import { readChart } from './helm-chart';
import { noCharts, putDependencies, remotes } from './helm-dependencies';
import { writeRefs } from './helm-refs';
import { explainTemplate, splitTemplates } from './helm-output';
import { findValueFiles, type FoundFiles } from './helm-value-files';
import { placeOf, type Jail } from './jail';
import { withoutSecretInputs } from './secret-inputs';
import { failed, type Plan, type PlanRequest } from './plan';
import type { Exec } from './toolbox';

/** `helm template` of a chart in the repository, with its dependencies put into `charts/` before. */
export async function planHelm(plan: PlanRequest, charts: Charts | undefined): Promise<Read<Plan>> {
  const { request, source, path, view, refs } = plan;
  const helm = source.helm ?? {};
  const variables = buildEnvironment(request);
  const settings = settingsOf(helm, request, variables);
  const files = await findValueFiles(plan, helm, variables);
  const chart = await readChart(view, path);
  const views = [view, ...refs.values()];
  for (const each of views) await each.followLinks();
  const problems: Problem[] = views.flatMap((each) => each.problems);
  problems.push(...remotes(chart).flatMap((each) => (charts === undefined ? [noCharts(each)] : [])));
  if (problems.length > 0) return failed(...problems);
  return {
    ok: true,
    value: {
      program: 'helm',
      material: { settings, files },
      unlocked: remotes(chart).filter(({ isLocked }) => !isLocked),
      render: ({ toolbox, signal, versions }) =>
        toolbox.use('helm', signal, async (jail, exec) => {
          await view.trees.materialise(view.at.repoUrl, view.entries, jail.path('repo'), signal);
          await writeRefs(jail, refs, signal);
          const put = await putDependencies({ jail, charts, versions, signal }, chart);
          return put ?? (await template({ jail, exec }, { settings, files, path, chart: placeOf({ path }) }));
        }),
    },
  };
}

interface Templating {
  readonly settings: HelmSettings;
  readonly files: FoundFiles;
  /** Directory that the names of templates begin with. */
  readonly path: string;
  /** The chart in the jail. */
  readonly chart: string;
}

/** Runs `helm template` in the root of the jail. */
export async function template(
  { jail, exec }: { readonly jail: Jail; readonly exec: Exec },
  { settings, files, path, chart }: Templating,
): Promise<Read<readonly TreeFile[]>> {
  if (settings.values !== undefined) await writeFile(jail.path('tmp', 'values.yaml'), settings.values);
  const args = templateArguments(settings, {
    chart,
    values: [...files.values.map(placeOf), ...(settings.values === undefined ? [] : ['tmp/values.yaml'])],
    parameters: files.parameters.map(({ name, file }) => ({ name, path: placeOf(file) })),
  });
  const inputs = {
    files: [posix.join(chart, 'values.yaml'), ...files.values.map(placeOf)].map((place) => jail.path(place)),
    texts: [settings.values ?? '', ...settings.parameters.map(({ name, value }) => `${name}=${value}`)],
  };
  const output = await exec(args, '.', (stderr) =>
    explainTemplate(withoutSecretInputs(stderr, inputs), path),
  );
  return output.ok ? { ok: true, value: splitTemplates(output.value, path) } : output;
}
