import { breakDirectory } from './break-directory';
import { breakHelm } from './break-helm';
import { breakKustomize, kustomizationIn } from './break-kustomize';
import { below, isBelow, refuse, type Breakage, type BranchReader, type BreakRequest } from './breakage';

/** The change of Git that makes the fault; fails as bad usage where it cannot be made. */
export async function breakSource(reader: BranchReader, request: BreakRequest): Promise<Breakage> {
  const { source, overlay, values } = request;
  if (source.chart !== undefined)
    throw refuse({
      code: 'Unsupported',
      message: `the chart ${source.chart} comes from a chart repository, which a drill cannot change`,
      remedy: 'drill an application whose manifests are in Git',
    });
  if (overlay !== undefined && !isBelow(source.path, overlay))
    throw refuse({
      code: 'InvalidSpec',
      message: `${overlay} lies outside ${source.path}: Belay would not take it back`,
      remedy: 'name a place below the path of the application',
    });
  const isChart = (await reader.read(below(source.path, 'Chart.yaml'))) !== undefined;
  if (isChart || source.helm !== undefined) return breakHelm(reader, request);
  if (Object.keys(values).length > 0)
    throw refuse({ code: 'InvalidSpec', message: '--values is for charts', remedy: 'leave it out' });
  if (overlay !== undefined) return breakKustomize(reader, { ...request, directory: overlay });
  if ((await kustomizationIn(reader, source.path)) !== undefined)
    return breakKustomize(reader, { ...request, directory: source.path });
  return breakDirectory(reader, request);
}
