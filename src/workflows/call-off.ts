import { ActivityFailure, CancellationScope, condition, isCancellation } from '@temporalio/workflow';

export type CalledOff<T> = { readonly kind: 'ended'; readonly value: T } | { readonly kind: 'calledOff' };

/**
 * Does something until it ends or is unwanted; then it is cancelled, and waited for. `wait` is how to wait until either is so, where a
 * time may make it unwanted. However an unwanted activity ends, it is called off: one whose worker dies meanwhile ends by a timeout, and
 * once it is cancelled the server tries nothing again.
 */
export async function callOff<T>(
  begin: () => Promise<T>,
  isUnwanted: () => boolean,
  wait: (isNews: () => boolean) => Promise<unknown> = condition,
): Promise<CalledOff<T>> {
  const scope = new CancellationScope();
  let isOver = false;
  const work = scope.run(begin).finally(() => (isOver = true));
  work.catch(() => undefined); // awaited below
  await wait(() => isOver || isUnwanted());
  const isCalledOff = !isOver;
  if (isCalledOff) scope.cancel();
  try {
    return { kind: 'ended', value: await work };
  } catch (error: unknown) {
    if (!isCalledOff || !(isCancellation(error) || error instanceof ActivityFailure)) throw error;
    return { kind: 'calledOff' };
  }
}
