import type { Question } from '../../ports/metrics';
import type { AwsAccess } from './aws';
import type { Environment } from './environment';
import type { Connect } from './http';
import type { TokenCache } from './oauth2';
import type { Secrets } from './secrets';
import type { Spec } from './spec';

/** A value that was measured, as conditions see it. */
export interface Measured {
  readonly value: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a provider works with during one measurement. */
export interface Tools {
  readonly question: Question;
  readonly environment: Environment;
  readonly secrets: Secrets;
  readonly connect: Connect;
  readonly tokens: TokenCache;
  readonly aws: AwsAccess;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** One kind of metric provider. It throws a Failure when there is no value. */
export type Provider = (spec: Spec, tools: Tools) => Promise<Measured>;

/** A provider in two steps: `read` looks at every field before `ask` sends anything. */
export function provider<Plan>(
  read: (spec: Spec, tools: Tools) => Plan,
  ask: (plan: Plan, tools: Tools) => Promise<Measured>,
): Provider {
  return async (spec, tools) => {
    const plan = read(spec, tools);
    spec.refuseUnknown();
    return ask(plan, tools);
  };
}
