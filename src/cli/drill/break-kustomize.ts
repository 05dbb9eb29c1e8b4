import { posix } from 'node:path';
import { imageName, planFault, type Edit } from '../../domain/drill/fault';
import { jsonPatchOf } from '../../domain/drill/json-patch';
import { chooseWorkload, nameOf, type FoundObject } from '../../domain/drill/workloads';
import { peekList, peekText } from '../../domain/peek';
import { isMap, type JsonMap } from '../../domain/read-json';
import { loadYaml } from '../lazy';
import { readObjects } from './break-directory';
import { below, orRefuse, refuse, type Breakage, type BranchReader, type BreakRequest } from './breakage';
import { readYamlFile } from './yaml-file';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The file that makes a directory a kustomization, or undefined. */
export async function kustomizationIn(reader: BranchReader, directory: string): Promise<string | undefined> {
  for (const name of names) {
    const path = below(directory, name);
    if ((await reader.read(path)) !== undefined) return path;
  }
  return undefined;
}

/**
 * Breaks what a kustomization makes, by a patch in it. `images` of a kustomization come after its patches: where they name the image, the
 * entry there is changed instead.
 */
export async function breakKustomize(
  reader: BranchReader,
  { directory, ...request }: BreakRequest & { readonly directory: string },
): Promise<Breakage> {
  const file = await kustomizationIn(reader, directory);
  const yaml = file === undefined ? undefined : readYamlFile((await reader.read(file)) ?? '');
  const kustomization = yaml?.documents[0];
  if (file === undefined || yaml === undefined || kustomization === undefined)
    throw refuse({
      code: 'PathNotFound',
      message: `${directory} is no kustomization that can be read`,
      remedy: 'name a directory with a kustomization.yaml',
    });
  const { object } = orRefuse(
    chooseWorkload(await objectsOf(reader, directory, new Set()), request.workload),
  );
  const edits = orRefuse(planFault(object, request));
  const image = edits.find(({ path }) => path.at(-1) === 'image')?.value;
  const edit =
    (typeof image === 'string' ? imageEdits(kustomization, image, request) : undefined) ??
    patchEdits(kustomization, object, edits);
  if (!yaml.edit(0, edit))
    throw refuse({
      code: 'Unsupported',
      message: 'the place for the patch is written by a YAML alias',
      file,
      remedy: 'write it out',
    });
  return { files: new Map([[file, yaml.toText()]]), what: `${nameOf(object)} by ${file}` };
}

/** The objects that a kustomization takes from this repository, before its patches. */
async function objectsOf(
  reader: BranchReader,
  directory: string,
  visited: Set<string>,
): Promise<readonly FoundObject[]> {
  const file = visited.has(directory) ? undefined : await kustomizationIn(reader, directory);
  visited.add(directory);
  const [kustomization] =
    file === undefined ? [] : (readYamlFile((await reader.read(file)) ?? '')?.documents ?? []);
  const listed = ['resources', 'bases', 'components'].flatMap((field) => peekList(kustomization, field));
  const found: FoundObject[] = [];
  for (const each of listed) {
    if (typeof each !== 'string' || /^[\w+.-]+:\/\/|^git@/.test(each)) continue;
    const path = posix.join(directory, each);
    if (path.startsWith('..')) continue;
    if (/\.(?:ya?ml|json)$/.test(path)) found.push(...(await readObjects(reader, [path])).objects);
    else found.push(...(await objectsOf(reader, path.replace(/\/$/, ''), visited)));
  }
  return found;
}

function imageEdits(
  kustomization: JsonMap,
  image: string,
  { source }: Pick<BreakRequest, 'source'>,
): readonly Edit[] | undefined {
  const name = imageName(image);
  if (source.kustomize?.images?.some((each) => imageName(each.split('=')[0] ?? '') === name) === true)
    throw refuse({
      code: 'Unsupported',
      message: `the Application itself sets the image ${name} (kustomize.images), whatever Git says`,
      remedy: 'take another fault, such as crash',
    });
  const at = peekList(kustomization, 'images').findIndex((each) => peekText(each, 'name') === name);
  if (at < 0) return undefined;
  const entry = peekList(kustomization, 'images')[at];
  const { digest: _digest, ...kept } = isMap(entry) ? entry : {};
  return [{ path: ['images', at], value: { ...kept, newTag: image.slice(name.length + 1) } }];
}

function patchEdits(kustomization: JsonMap, object: JsonMap, edits: readonly Edit[]): readonly Edit[] {
  const patch = loadYaml().stringify(jsonPatchOf(object, edits), { version: '1.1', lineWidth: 0 });
  const target = { kind: peekText(object, 'kind'), name: peekText(object, 'metadata', 'name') };
  const there = peekList(kustomization, 'patches').length;
  return there === 0
    ? [{ path: ['patches'], value: [{ target, patch }] }]
    : [{ path: ['patches', there], value: { target, patch } }];
}
