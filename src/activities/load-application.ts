import type { ApplicationSpec } from '../domain/application-spec';
import type { Read } from '../domain/problem';
import { revisionSource } from '../domain/revision-source';
import { PortError } from '../ports/port-error';
import type { Loaded, LoadRevision } from './load';

/** An application at a revision, whoever asks for it. */
export interface AtRevision {
  readonly spec: ApplicationSpec;
  readonly revision: string;
  /** Revisions of the application's other sources. */
  readonly pins?: readonly string[] | undefined;
}

/** Reads a revision of an application. */
export function loadApplication(
  load: LoadRevision,
  { spec, revision, pins }: AtRevision,
): Promise<Read<Loaded>> {
  return load(revisionSource(spec, revision, pins), spec.destination.namespace);
}

/** The same in the middle of a sync, when it has been read before. Throws PortError `InvalidSpec` when it cannot be read any more. */
export async function loadAgain(load: LoadRevision, asked: AtRevision): Promise<Loaded> {
  const loaded = await loadApplication(load, asked);
  if (loaded.ok) return loaded.value;
  throw new PortError(`revision ${asked.revision.slice(0, 12)} cannot be read any more`, {
    code: 'InvalidSpec',
    retry: 'later',
  });
}
