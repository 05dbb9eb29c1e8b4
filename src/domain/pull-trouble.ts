import type { ContainerView, ContainerWaiting } from './pod-containers';
import { latest } from './pod-events';
import type { EventView } from './pod-events';
import { readPullError } from './pull-error';
import { tidy, trouble } from './trouble';
import type { JudgeContext, Trouble } from './trouble';

/** Judges a container whose image is not there, by what the registry said. */
export function judgePull(
  container: ContainerView,
  waiting: ContainerWaiting,
  around: { readonly events: readonly EventView[]; readonly context: JudgeContext },
): Trouble {
  const { image } = container;
  const { registry } = around.context.grace;
  const failure = latest(around.events, ({ reason, message }) => isFailedPull(reason, message, image));
  // Before Kubernetes 1.32 a back-off says nothing of its cause.
  const said = /^Back-off pulling image "[^"]*"$/.test(waiting.message)
    ? (failure?.message ?? waiting.message)
    : waiting.message;
  const base = { reason: waiting.reason, message: tidy(said) };
  const unreachable = {
    code: 'Registry',
    grace: registry,
    what: `the registry did not deliver ${image}`,
    todo: 'Look at the registry: its status page, its pull limits, and whether the nodes can reach it.',
  } as const;
  switch (waiting.reason) {
    case 'InvalidImageName':
      return trouble({
        ...base,
        code: 'InvalidImage',
        isOwnFault: true,
        what: `${image} is not an image name`,
        todo: 'Correct it in Git.',
      });
    case 'ErrImageNeverPull':
      return trouble({
        ...base,
        code: 'ImagePull',
        isOwnFault: true,
        what: `${image} is not on the node and imagePullPolicy is Never`,
        todo: 'Allow the pull, or load the image on every node.',
      });
    case 'RegistryUnavailable':
    case 'ImageInspectError':
      return trouble({ ...base, ...unreachable });
  }
  switch (waiting.reason === 'SignatureValidationFailed' ? 'unsigned' : readPullError(said, image)) {
    case 'missing':
      return trouble({
        ...base,
        code: 'ImagePull',
        isOwnFault: true,
        what: `image ${image} does not exist`,
        todo: 'Push it, or correct the name in Git.',
      });
    case 'unsigned':
      return trouble({
        ...base,
        code: 'ImagePull',
        isOwnFault: true,
        what: `the signature of ${image} is not accepted`,
        todo: 'Sign the image as the cluster asks.',
      });
    case 'denied': {
      const isSecondTry = waiting.reason === 'ImagePullBackOff' || (failure?.count ?? 0) >= 2;
      const todo =
        'Look at imagePullSecrets, the rights of the nodes on the registry, and the name of the image.';
      return trouble({
        ...base,
        code: 'ImagePull',
        grace: isSecondTry ? 0 : registry,
        what: `the registry refuses to give out ${image}`,
        todo,
      });
    }
    case 'unreachable':
      return trouble({ ...base, ...unreachable });
    case 'unknown':
      return trouble({
        ...base,
        ...unreachable,
        code: 'ImagePull',
        what: `${image} cannot be pulled`,
        todo: 'Look at the image and at the registry.',
      });
  }
}

function isFailedPull(reason: string, message: string, image: string): boolean {
  return reason === 'Failed' && message.startsWith('Failed to pull image') && message.includes(`"${image}"`);
}
