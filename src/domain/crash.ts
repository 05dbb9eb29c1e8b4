import type { ContainerEnd, ContainerView } from './pod-containers';
import type { EventView } from './pod-events';
import { probeFailure } from './pod-events';
import { tidy, trouble } from './trouble';
import type { Trouble } from './trouble';

/** Ends that the runtime reports because the process never started; their message is the runtime's. */
const NEVER_STARTED: readonly string[] = ['StartError', 'ContainerCannotRun'];

/** A container whose process cannot start, or that ended for the second time. One crash alone is not a failure. */
export function judgeCrash(container: ContainerView, events: readonly EventView[]): Trouble | undefined {
  const end = container.terminated ?? container.lastEnd;
  const isLooping = container.waiting?.reason === 'CrashLoopBackOff';
  if (
    end !== undefined &&
    NEVER_STARTED.includes(end.reason) &&
    (isLooping || container.terminated !== undefined)
  ) {
    return cannotStart(container, end.reason, end.message);
  }
  // An init container that ended well has done its work, however often it was tried before.
  if (container.role === 'init' && end?.exitCode === 0 && !isLooping) return undefined;
  const isDown = container.terminated !== undefined || isLooping;
  const isSecond = isLooping || container.restarts >= 2 || (container.restarts === 1 && isDown);
  return isSecond ? secondCrash(container, end, events) : undefined;
}

/** The container cannot be created or started at all. */
export function cannotStart(container: ContainerView, reason: string, message: string): Trouble {
  return trouble({
    code: 'RunError',
    reason,
    message: tidy(message),
    what: `${container.image} cannot be started`,
    todo: 'Look at the command, the arguments, the mounts and the security settings of the container.',
  });
}

function secondCrash(
  container: ContainerView,
  end: ContainerEnd | undefined,
  events: readonly EventView[],
): Trouble {
  const probe = probeFailure(events, 'Liveness') ?? probeFailure(events, 'Startup');
  const said = [container.waiting?.message, describeEnd(end), probe].filter(
    (part) => part !== undefined && part !== '',
  );
  const isOutOfMemory = end?.reason === 'OOMKilled';
  const times = `${container.restarts} ${container.restarts === 1 ? 'restart' : 'restarts'}`;
  const limit = container.memoryLimit === undefined ? '' : ` (limit ${container.memoryLimit})`;
  return trouble({
    code: isOutOfMemory ? 'OOMKilled' : 'CrashLoop',
    reason: isOutOfMemory ? 'OOMKilled' : (container.waiting?.reason ?? end?.reason ?? 'Restarted'),
    message: tidy(said.join('; ')),
    what: isOutOfMemory
      ? `${container.image} was killed for lack of memory${limit}, ${times}`
      : `${container.image} keeps ending, ${times}`,
    todo: isOutOfMemory
      ? 'Raise the memory limit, or find what the new version needs it for.'
      : 'Read why it ends: kubectl logs --previous.',
  });
}

/** The end without the message that the process left: it may hold anything, secrets too. */
function describeEnd(end: ContainerEnd | undefined): string | undefined {
  return end === undefined
    ? undefined
    : `last exit code ${end.exitCode}${end.reason === '' ? '' : ` (${end.reason})`}`;
}
