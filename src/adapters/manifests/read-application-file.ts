import type { ApplicationSpec } from '../../domain/application-spec';
import type { Read } from '../../domain/problem';
import { readApplication } from '../../domain/read-application';
import { readNamed } from './read-named';

/** The applications of one file that a person gives to Belay, as YAML or JSON. */
export function readApplicationFile(text: string, file: string): Read<readonly ApplicationSpec[]> {
  const remedy = 'write an Application (argoproj.io/v1alpha1)';
  return readNamed(text, file, { read: readApplication, what: 'application', remedy });
}
