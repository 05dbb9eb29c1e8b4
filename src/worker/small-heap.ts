import { setFlagsFromString } from 'node:v8';

/**
 * V8 collects old objects when a fifth has been added to those in use, instead of waiting until there are up to four times as many: a
 * worker that follows hundreds of applications is idle most of the time, and its memory is what it costs. To be called before the thread
 * of the workflows starts. The environment's part of it (young objects, glibc) is in the Dockerfile.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
