import type { Read } from '../../domain/problem';
import { readRelease } from '../../domain/release/read-release-file';
import type { ReleaseSpec } from '../../domain/release/spec';
import { readNamed } from './read-named';

/** The releases of one file that a person gives to Belay, as YAML or JSON. */
export function readReleaseFile(text: string, file: string): Read<readonly ReleaseSpec[]> {
  const remedy = 'write a Release (belay.dev/v1alpha1)';
  return readNamed(text, file, { read: readRelease, what: 'release', remedy });
}
