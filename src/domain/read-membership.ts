import type { ApplicationSpec } from './application-spec';
import { readDuration } from './duration';
import type { Fields } from './fields';
import { isNameOfWorkflow } from './read-name';
import { written } from './read-texts';
import { readWith } from './read-with';
import {
  mostParallel,
  newCommitPolicies,
  releaseModes,
  rollbackPolicies,
  type Membership,
  type ReleaseOptions,
} from './release/spec';

/** Names the release that an Application comes out with. */
export const releaseAnnotation = 'belay.dev/release';
const release = releaseAnnotation;
const dependsOn = 'belay.dev/depends-on';

/** The annotations that say an option of the release. */
export const optionAnnotations: { readonly [Option in keyof ReleaseOptions]: string } = {
  mode: 'belay.dev/release-mode',
  rollback: 'belay.dev/release-rollback',
  bakeMs: 'belay.dev/release-bake',
  newCommit: 'belay.dev/release-new-commit',
  parallel: 'belay.dev/release-parallel',
};
const { mode, rollback, bakeMs: bake, newCommit, parallel } = optionAnnotations;
const options = Object.values(optionAnnotations);

/** Annotations of an Application about the release that it comes out with. */
export const membershipAnnotations = [release, dependsOn, ...options] as const;

/**
 * Reads which release an Application belongs to, what it waits for in it, and what it says of the release as a whole; `wave` is that of
 * `argocd.argoproj.io/sync-wave`. Wishes without a release are problems.
 */
export function readMembership(annotations: Fields, wave: number): Pick<ApplicationSpec, 'release'> {
  const name = readName(annotations);
  const members = readMembers(annotations);
  const wanted = readOptions(annotations);
  if (!isText(annotations, release)) {
    refuseAlone(annotations);
    return {};
  }
  if (name === undefined) return {};
  const membership: Membership = {
    release: name,
    dependsOn: members,
    wave,
    ...(wanted === undefined ? {} : { options: wanted }),
  };
  return { release: membership };
}

/** Of annotations that are no text the reader of the metadata has told already. */
function isText(annotations: Fields, name: string): boolean {
  return typeof annotations.raw(name) === 'string';
}

function readName(annotations: Fields): string | undefined {
  if (!isText(annotations, release)) return undefined;
  const name = annotations.string(release)?.trim() ?? '';
  if (isNameOfWorkflow(name)) return name;
  const remedy = 'name the release as one of at most 63 lower-case letters, digits and dashes';
  return annotations.invalid(release, `"${name}" is no name of a release`, { value: name, remedy });
}

/** Separated by commas, each once; nobody waits for itself. */
function readMembers(annotations: Fields): readonly string[] {
  if (!isText(annotations, dependsOn)) return [];
  const text = annotations.string(dependsOn) ?? '';
  const names = text.split(',').map((each) => each.trim());
  const own = annotations.source.located.object.metadata.name;
  const wrong = names.find((each) => !isNameOfWorkflow(each) || each === own);
  if (wrong === undefined) return [...new Set(names)];
  const message = wrong === own ? `${own} cannot wait for itself` : `"${wrong}" is no name of an application`;
  const remedy = 'write names of applications of the same release, separated by commas';
  annotations.invalid(dependsOn, message, { value: text, remedy });
  return [];
}

function readOptions(annotations: Fields): Partial<ReleaseOptions> | undefined {
  return written<Partial<ReleaseOptions>>({
    mode: oneOf(annotations, mode, releaseModes),
    rollback: oneOf(annotations, rollback, rollbackPolicies),
    bakeMs: isText(annotations, bake) ? readWith(annotations, bake, readDuration) : undefined,
    newCommit: oneOf(annotations, newCommit, newCommitPolicies),
    parallel: readParallel(annotations),
  });
}

function oneOf<T extends string>(annotations: Fields, name: string, allowed: readonly T[]): T | undefined {
  return isText(annotations, name) ? annotations.oneOf(name, allowed) : undefined;
}

function readParallel(annotations: Fields): number | undefined {
  if (!isText(annotations, parallel)) return undefined;
  const text = annotations.string(parallel) ?? '';
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostParallel) return count;
  const remedy = `write a whole number from 1 to ${mostParallel}, in quotes`;
  return annotations.invalid(parallel, `"${text}" is no number of members`, { value: text, remedy });
}

/** Without a release nothing would come of them, and whoever wrote them counts on them. */
function refuseAlone(annotations: Fields): void {
  for (const name of [dependsOn, ...options].filter((each) => isText(annotations, each))) {
    const remedy = `name the release in ${release}, or remove it`;
    const message = `has no effect without ${release}`;
    annotations.invalid(name, message, { value: annotations.raw(name), remedy });
  }
}
