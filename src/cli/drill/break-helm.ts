import { posix } from 'node:path';
import type { Edit } from '../../domain/drill/fault';
import { below, isBelow, refuse, type Breakage, type BranchReader, type BreakRequest } from './breakage';
import { readYamlFile } from './yaml-file';

const placeholder = '{id}';

/** Breaks what a chart makes, by values that a person names: which values a template uses, and for what, only the template knows. */
export async function breakHelm(reader: BranchReader, request: BreakRequest): Promise<Breakage> {
  const { values, id, fault } = request;
  const keys = Object.keys(values);
  if (keys.length === 0)
    throw refuse({
      code: 'Unsupported',
      message: `which values of this chart make the fault ${fault} is not known`,
      remedy: 'name them, such as --values image.tag=broken-{id}',
    });
  if (!Object.values(values).some((value) => value.includes(placeholder)))
    throw refuse({
      code: 'InvalidSpec',
      message:
        'a second drill would make the same version as the first, and Belay deploys no version again that has failed',
      remedy: `write ${placeholder} into one of the values`,
    });
  const overridden = request.source.helm?.parameters?.find(({ name }) => keys.includes(name));
  if (overridden !== undefined)
    throw refuse({
      code: 'Unsupported',
      message: `the Application itself sets ${overridden.name} (helm.parameters), whatever Git says`,
      remedy: 'name another value',
    });
  const file = request.overlay ?? valuesFile(request);
  const yaml = readYamlFile((await reader.read(file)) ?? '');
  const edits = keys.map((key): Edit => ({
    path: key.split('.'),
    value: values[key]?.replaceAll(placeholder, id),
  }));
  if (yaml?.edit(0, edits, true) !== true)
    throw refuse({
      code: 'Unsupported',
      message: `${keys.join(', ')} cannot be set in it`,
      file,
      remedy: 'name keys of maps, such as image.tag',
    });
  return { files: new Map([[file, yaml.toText()]]), what: `${keys.join(', ')} in ${file}` };
}

/** The last value file that lies in the application's path: later ones win. */
function valuesFile({ source }: BreakRequest): string {
  const given = (source.helm?.valueFiles ?? []).filter((file) => !file.startsWith('$'));
  const paths = given.map((file) =>
    file.startsWith('/') ? posix.normalize(file.slice(1)) : posix.join(source.path, file),
  );
  return paths.findLast((path) => isBelow(source.path, path)) ?? below(source.path, 'values.yaml');
}
