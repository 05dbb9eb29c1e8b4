import type { ChildrenInput, ChildrenResult } from '../messages/children';
import { causeOf } from './cause-of';
import { arranging, asking } from './proxies';

/** Answers the Applications that a parent's path holds at its revision; nothing is written. */
export async function children({ spec }: ChildrenInput): Promise<ChildrenResult> {
  try {
    const found = await arranging.resolveDestination.executeWithOptions({ summary: 'find the cluster' }, [
      { spec },
    ]);
    if (found.kind === 'unknown') return { children: [], others: [], problems: [found.problem] };
    const { resolveCheck, readChildren } = asking(found.id);
    const { targetRevision } = spec.source;
    const summary = `find ${targetRevision.slice(0, 40)}`;
    const revision = await resolveCheck.executeWithOptions({ summary }, [{ spec, names: [targetRevision] }]);
    const reading = { summary: `read ${revision.slice(0, 12)}` };
    return { ...(await readChildren.executeWithOptions(reading, [{ spec, revision }])), revision };
  } catch (error: unknown) {
    throw causeOf(error);
  }
}
