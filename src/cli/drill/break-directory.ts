import { planFault } from '../../domain/drill/fault';
import { chooseWorkload, nameOf, type FoundObject } from '../../domain/drill/workloads';
import { orRefuse, refuse, type Breakage, type BranchReader, type BreakRequest } from './breakage';
import { readYamlFile, type YamlFile } from './yaml-file';

/** Breaks plain manifests: the file of the workload is changed in its place. */
export async function breakDirectory(reader: BranchReader, request: BreakRequest): Promise<Breakage> {
  const { path, recurse } = request.source;
  const prefix = path === '.' ? 0 : path.length + 1;
  const listed = (await reader.list(path)).filter((file) => recurse || !file.slice(prefix).includes('/'));
  const { files, objects } = await readObjects(reader, listed);
  const { file, index, object } = orRefuse(chooseWorkload(objects, request.workload));
  const edits = orRefuse(planFault(object, request));
  const yaml = files.get(file);
  if (yaml?.edit(index, edits) !== true)
    throw refuse({
      code: 'Unsupported',
      message: 'the container is written by a YAML alias, which a drill does not take apart',
      file,
      object: nameOf(object),
      remedy: 'name another workload by --workload, or write the pods out',
    });
  return { files: new Map([[file, yaml.toText()]]), what: `${nameOf(object)} in ${file}` };
}

/** All objects of files of YAML and JSON; what cannot be read is left out, as it is nothing that could be broken. */
export async function readObjects(
  reader: BranchReader,
  paths: readonly string[],
): Promise<{
  readonly files: ReadonlyMap<string, YamlFile>;
  readonly objects: readonly FoundObject[];
}> {
  const files = new Map<string, YamlFile>();
  const objects: FoundObject[] = [];
  for (const path of paths.filter((each) => /\.(?:ya?ml|json)$/.test(each))) {
    const text = await reader.read(path);
    const yaml = text === undefined ? undefined : readYamlFile(text);
    if (yaml === undefined) continue;
    files.set(path, yaml);
    yaml.documents.forEach((object, index) => {
      if (object !== undefined) objects.push({ file: path, index, object });
    });
  }
  return { files, objects };
}
