import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { stringify } from 'yaml';
import type { KustomizeOptions } from '../../domain/application-spec';
import type { Problem, Read } from '../../domain/problem';
import type { TreeFile } from '../../ports/git';
import { cutComplaint } from './complaint';
import { kustomizationNames } from './detect';
import { buildEnvironment, substitute } from './environment';
import type { Jail } from './jail';
import { editsOf } from './kustomize-edits';
import { splitBuilt } from './kustomize-output';
import { Bases } from './kustomize-bases';
import { putBases } from './kustomize-put-bases';
import { walkKustomization } from './kustomize-walk';
import { parseMap } from './parse-yaml';
import { joinInside } from './paths';
import { failed, type Plan, type PlanRequest } from './plan';
import { withoutLiterals } from './secret-inputs';
import type { SourceView } from './source-view';
import type { Exec } from './toolbox';

/** A Kustomize build of a copy of the files, edited as the options say. Everything that the build reads is known before it runs. */
export async function planKustomize({
  request,
  source,
  path,
  view,
  bases: allowed,
}: PlanRequest): Promise<Read<Plan>> {
  const options = substituted(source.kustomize ?? {}, buildEnvironment(request));
  const components = await existing(view, path, options);
  const settings = { ...options, components };
  const bases = new Bases(view.trees, allowed, view.signal);
  const added = [
    ...components.map((each, index) => ({ path: each, field: ['components', index], isAdded: true })),
    ...(options.patches ?? []).flatMap(({ path: file }, index) =>
      typeof file === 'string' && file !== '' ? [{ path: file, field: ['patches', index, 'path'] }] : [],
    ),
  ];
  const rewrites = await walkKustomization(view, path, { added, bases });
  await view.followLinks();
  if (view.problems.length > 0) return failed(...view.problems);
  return {
    ok: true,
    value: {
      program: 'kustomize',
      material: {
        ...settings,
        ...(bases.all.length > 0 && { bases: bases.all.map(({ mount, revision }) => [mount, revision]) }),
      },
      ...(bases.all.length > 0 && { bases: bases.all }),
      render: ({ toolbox, signal }) =>
        toolbox.use('kustomize', signal, async (jail, exec) => {
          await view.trees.materialise(view.at.repoUrl, view.entries, jail.path('repo'), signal);
          await putBases(jail, { bases: bases.all, rewrites }, signal);
          return await build({ jail, exec, path }, settings);
        }),
    },
  };
}

interface Building {
  readonly jail: Jail;
  readonly exec: Exec;
  readonly path: string;
}

async function build({ jail, exec, path }: Building, options: KustomizeOptions): Promise<Read<TreeFile[]>> {
  const cwd = path === '.' ? 'repo' : `repo/${path}`;
  const explain = (stderr: string): Problem => explainBuild(stderr, path);
  await replaceLink(jail, cwd);
  for (const edit of editsOf(options)) {
    const edited = await exec(['edit', ...edit], cwd, explain);
    if (!edited.ok) return edited;
  }
  const keep = await writeSettings(jail, cwd, options);
  if (!keep.ok) return keep;
  const built = await exec(['build', '.'], cwd, explain);
  return built.ok ? { ok: true, value: splitBuilt(built.value, path, keep.value) } : built;
}

/** A copy in place of a link to a kustomization: what it leads to may be another one's too, and must stay as it is. */
async function replaceLink(jail: Jail, cwd: string): Promise<void> {
  for (const name of kustomizationNames) {
    const file = jail.path(cwd, name);
    if ((await lstat(file).catch(() => undefined))?.isSymbolicLink() !== true) continue;
    const text = await readFile(file);
    await rm(file);
    await writeFile(file, text);
  }
}

/** Adds patches, and asks for the origin of each object; true when the kustomization asks for that itself. */
async function writeSettings(
  jail: Jail,
  cwd: string,
  { patches = [] }: KustomizeOptions,
): Promise<Read<boolean>> {
  for (const name of kustomizationNames) {
    const file = jail.path(cwd, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const parsed = parseMap(text, posix.join(cwd.slice('repo/'.length), name));
    if (!parsed.ok) return failed(parsed.problem);
    const asked = listOf(parsed.value['buildMetadata']);
    const written = {
      ...parsed.value,
      ...(patches.length > 0 && { patches: [...listOf(parsed.value['patches']), ...patches] }),
      buildMetadata: [...asked.filter((each) => each !== 'originAnnotations'), 'originAnnotations'],
    };
    await writeFile(file, stringify(written, { version: '1.1', aliasDuplicateObjects: false }));
    return { ok: true, value: asked.includes('originAnnotations') };
  }
  return { ok: true, value: false };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The components to add; with `ignoreMissingComponents` only those that are there. */
async function existing(
  view: SourceView,
  path: string,
  options: KustomizeOptions,
): Promise<readonly string[]> {
  const { components = [], ignoreMissingComponents = false } = options;
  if (!ignoreMissingComponents) return components;
  const there: string[] = [];
  for (const component of components) {
    const place = joinInside(path, component);
    if (place === undefined || (await view.include(place)) !== undefined) there.push(component);
  }
  return there;
}

/** Argo CD puts its variables into images and labels, and into annotations when told to. */
function substituted(
  options: KustomizeOptions,
  variables: Readonly<Record<string, string>>,
): KustomizeOptions {
  const put = (text: string): string => substitute(text, variables);
  const putAll = (map: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, put(value)]));
  const { images, commonLabels, commonAnnotations, commonAnnotationsEnvsubst = false } = options;
  return {
    ...options,
    ...(images !== undefined && { images: images.map(put) }),
    ...(commonLabels !== undefined && { commonLabels: putAll(commonLabels) }),
    ...(commonAnnotations !== undefined &&
      commonAnnotationsEnvsubst && { commonAnnotations: putAll(commonAnnotations) }),
  };
}

/** The last thing that Kustomize says is the cause; what comes before is the way to it. */
function explainBuild(stderr: string, path: string): Problem {
  const lines = withoutLiterals(stderr).split('\n');
  const line = lines.find((each) => each.startsWith('Error: ')) ?? lines.join('\n').trim();
  const message = `kustomize: ${cutComplaint(line.replace(/^Error: /, ''))}`;
  const remedy = 'correct the kustomization, or the options in source.kustomize';
  return { code: 'InvalidSpec', file: path, message, remedy };
}
