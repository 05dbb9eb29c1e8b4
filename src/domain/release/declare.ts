import type { Problem, Read } from '../problem';
import { optionAnnotations } from '../read-membership';
import { memberProblem } from './graph';
import type { MemberHead } from './releases-state';
import { defaultReleaseOptions, type ReleaseOptions, type ReleaseSpec } from './spec';

/** A release as the annotations of its members declare it; an option that two of them say differently is a problem. */
export function declareFrom(name: string, heads: readonly MemberHead[]): Read<ReleaseSpec> {
  const declared = heads
    .flatMap(({ application, membership }) =>
      membership === undefined ? [] : [{ application, ...membership }],
    )
    .sort((a, b) => (a.application < b.application ? -1 : 1));
  const said = new Map<string, { readonly by: string; readonly value: unknown }>();
  const problems: Problem[] = [];
  for (const { application, options = {} } of declared) {
    for (const [option, value] of Object.entries(options)) {
      const earlier = said.get(option);
      if (earlier === undefined) said.set(option, { by: application, value });
      else if (earlier.value !== value) {
        const field = optionAnnotations[option as keyof ReleaseOptions];
        const message = `${earlier.by} and ${application} disagree: ${String(earlier.value)} and ${String(value)}`;
        const remedy = 'say it on one member, or the same on all';
        problems.push(memberProblem(name, { message, field, value: String(value), remedy }));
      }
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const chosen = Object.fromEntries([...said].map(([option, { value }]) => [option, value]));
  const members = declared.map(({ application, dependsOn, wave }) => ({ application, dependsOn, wave }));
  return { ok: true, value: { name, members, options: { ...defaultReleaseOptions, ...chosen } } };
}
