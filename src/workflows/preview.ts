import type { PlannedRestore } from '../domain/write-back/planned-restores';
import type { PreviewedRestore, PreviewInput } from '../messages/preview';
import { causeOf } from './cause-of';
import { gitAsking } from './proxies';

/** Answers which files each of the planned restores would change; nothing is written. */
export function preview({ restores }: PreviewInput): Promise<readonly PreviewedRestore[]> {
  return Promise.all(restores.map(changesOf));
}

async function changesOf(restore: PlannedRestore): Promise<PreviewedRestore> {
  const { repoUrl, branch, paths, bad, good } = restore;
  const range = { repoUrl, from: bad, to: good, paths };
  const summary = `what ${branch} would change in ${paths.join(', ').slice(0, 80)}`;
  try {
    return { ...restore, changes: await gitAsking.previewRestore.executeWithOptions({ summary }, [range]) };
  } catch (error: unknown) {
    throw causeOf(error);
  }
}
