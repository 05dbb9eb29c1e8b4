import { releaseId, releasesId, withoutPrefix } from '../domain/release/id';
import { ClientError } from './client-error';
import type { Subject } from './failures';

/** What a person may name: a release, or by `NAME/7` the seventh of this name. */
export interface ReleaseTarget {
  readonly name: string;
  readonly number?: number;
}

/** Reads `shop` or `shop/7`; a workflow id (`release/shop/7`) is understood as well. */
export function parseReleaseTarget(text: string): ReleaseTarget {
  const [name = '', number, ...more] = withoutPrefix(text).split('/');
  if (name !== '' && number === undefined) return { name };
  if (name !== '' && more.length === 0 && /^[1-9]\d{0,9}$/.test(number ?? ''))
    return { name, number: Number(number) };
  const remedy = 'name a release of `belay release list`, or one of its history as NAME/NUMBER';
  throw new ClientError('ReleaseNotFound', `${text} names no release`, { remedy });
}

/** The entity of a release's name. */
export function releasesSubject(name: string): Subject {
  return { workflowId: releasesId(name), missing: () => noReleases(name) };
}

/** One release. */
export function releaseSubject(name: string, number: number): Subject {
  return { workflowId: releaseId(name, number), missing: () => noSuchRelease(name, number) };
}

/** A release that is asked for something: one that has ended takes no requests any more. */
export function runningReleaseSubject(workflowId: string, target: string): Subject {
  return { workflowId, missing: () => noRelease(target) };
}

/** The error for a name of which no release is under way. */
export function noRelease(target: string): ClientError {
  const { name } = parseReleaseTarget(target);
  const remedy = `\`belay release get ${name}\` says how it stands`;
  return new ClientError('NoRelease', `release ${target} is not under way`, { remedy });
}

function noReleases(name: string): ClientError {
  const remedy =
    '`belay release list` shows the releases; the annotation belay.dev/release on Applications declares one, and so does `belay release create -f FILE`';
  return new ClientError('ReleaseNotFound', `there is no release ${name}`, { remedy });
}

function noSuchRelease(name: string, number: number): ClientError {
  const remedy = `\`belay release get ${name}\` shows the newest one, and those before`;
  return new ClientError(
    'ReleaseNotFound',
    `there is no release ${name}/${number}, or Temporal has forgotten it`,
    { remedy },
  );
}
