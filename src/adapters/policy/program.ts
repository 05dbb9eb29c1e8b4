import { findProgram } from '../programs/find';

/** The program of tools/policies: OPA's evaluator, and nothing else of OPA. */
export const regoProgram = 'belay-rego';
/** Of OPA, as pinned by tools/policies/go.mod. */
export const regoVersion = '1.22.2';

/** Finds it: the path that was given, else `BELAY_REGO`, else where programs are. */
export function findRego(given?: string): string | undefined {
  return findProgram({ name: regoProgram, version: regoVersion, variable: 'BELAY_REGO' }, given);
}
