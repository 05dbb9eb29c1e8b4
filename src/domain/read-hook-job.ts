import type { Located } from './located';
import { reportUnknownAnnotations } from './read-metadata';
import { fieldsOf, type Revision } from './read-revision';
import type { Hook } from './workload';

/** What people may ask of Belay by annotation on a Job. */
export const hookAnnotations = {
  'belay.dev/hook': 'when it runs: pre or post',
  'belay.dev/hook-for': 'the workload; default: the only one of the revision',
  'belay.dev/undoes': 'the name of the hook that it takes back',
} as const;

/** A Job with at least one of the annotations of a hook. */
export interface HookJob {
  readonly located: Located;
  readonly phase?: Hook['phase'];
  /** `belay.dev/hook-for`. */
  readonly target?: string;
  /** Name of the hook that it takes back. */
  readonly undoes?: string;
}

/** Reads the annotations of one Job; empty when it is no hook. Other annotations of Belay have no meaning on a Job. */
export function readHookJob(located: Located, revision: Revision): readonly HookJob[] {
  const metadata = fieldsOf(located, revision).map('metadata');
  if (metadata === undefined) return [];
  reportUnknownAnnotations(metadata, Object.keys(hookAnnotations));
  const annotations = metadata.map('annotations');
  if (annotations === undefined) return [];
  const phase = annotations.oneOf('belay.dev/hook', ['pre', 'post']);
  const target = annotations.string('belay.dev/hook-for') || undefined;
  const undoes = annotations.string('belay.dev/undoes') || undefined;
  const isHook = annotations.raw('belay.dev/hook') !== undefined;
  if (isHook && undoes !== undefined) {
    const message = 'a hook cannot take back another one';
    annotations.invalid('belay.dev/undoes', message, { remedy: 'make two Jobs of it' });
    return [];
  }
  if (target !== undefined && !isHook) {
    const remedy =
      undoes === undefined ? 'write belay.dev/hook: pre or post too' : 'remove it: its hook decides';
    annotations.invalid('belay.dev/hook-for', 'it is written without belay.dev/hook', { remedy });
  }
  if (phase === undefined && undoes === undefined) return [];
  return [{ located, ...(phase && { phase }), ...(target && { target }), ...(undoes && { undoes }) }];
}
