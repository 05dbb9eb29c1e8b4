import type { Type } from './types';

/** A function of the environment, such as Argo's `asFloat`. `call` may throw ExprError. */
export class HostFunction {
  constructor(
    readonly params: readonly Type[],
    readonly result: Type,
    readonly call: (args: readonly unknown[]) => unknown,
  ) {}
}
