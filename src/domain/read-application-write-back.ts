import type { ApplicationSpec, WriteBackOptions, WriteBackPolicy } from './application-spec';
import { readDuration } from './duration';
import type { Fields } from './fields';
import { asked, written } from './read-texts';
import { readWith } from './read-with';

const policy = 'belay.dev/write-back';
const confirm = 'belay.dev/write-back-confirm';
const otherCommits = 'belay.dev/write-back-other-commits';
const labels = 'belay.dev/pull-request-labels';
const reviewers = 'belay.dev/pull-request-reviewers';
const autoMerge = 'belay.dev/pull-request-auto-merge';

/** Annotations of an Application about what happens to Git. */
export const writeBackAnnotations = [policy, confirm, otherCommits, labels, reviewers, autoMerge] as const;

const policies = ['revert', 'pull-request', 'pull-request-if-protected', 'hold', 'off'] as const;
/** Longer, a failure is no flake any more: the application would be neither at its good revision nor at its newest one. */
const longestConfirmMs = 24 * 3_600_000;

/** Reads what happens to Git after a failure; a wish that the policy leaves without effect is a problem. */
export function readWriteBack(top: Fields): Pick<ApplicationSpec, 'writeBack' | 'writeBackOptions'> {
  const annotations = top.map('metadata')?.map('annotations');
  if (annotations === undefined) return { writeBack: 'pull-request-if-protected' };
  const writeBack = oneOf(annotations, policy, policies);
  const others = oneOf(annotations, otherCommits, ['include', 'pull-request']);
  const options = written<WriteBackOptions>({
    confirmMs: readConfirm(annotations),
    otherCommits: others === 'pull-request' ? others : undefined,
    labels: asked(readNames(annotations, labels)),
    reviewers: asked(readNames(annotations, reviewers)),
    autoMerge: oneOf(annotations, autoMerge, ['true', 'false']) === 'true' ? true : undefined,
  });
  if (writeBack !== undefined) refuseIdle(annotations, writeBack, others);
  return {
    writeBack: writeBack ?? 'pull-request-if-protected',
    ...(options === undefined ? {} : { writeBackOptions: options }),
  };
}

/** Of annotations that are no text the reader of the metadata has told already. */
function isText(annotations: Fields, name: string): boolean {
  return typeof annotations.raw(name) === 'string';
}

function oneOf<T extends string>(annotations: Fields, name: string, allowed: readonly T[]): T | undefined {
  return isText(annotations, name) ? annotations.oneOf(name, allowed) : undefined;
}

function readConfirm(annotations: Fields): number | undefined {
  if (!isText(annotations, confirm)) return undefined;
  const millis = readWith(annotations, confirm, readDuration);
  if (millis === undefined || millis <= longestConfirmMs) return millis === 0 ? undefined : millis;
  const text = annotations.string(confirm) ?? '';
  const remedy = 'write 24h or less; `belay.dev/write-back: hold` leaves Git to people for good';
  return annotations.invalid(confirm, `${text} is more than 24 hours`, { value: text, remedy });
}

/** Separated by commas, each once. */
function readNames(annotations: Fields, name: string): readonly string[] {
  if (!isText(annotations, name)) return [];
  const text = annotations.string(name) ?? '';
  const names = text.split(',').map((each) => each.trim());
  if (!names.includes('')) return [...new Set(names)];
  const remedy = 'separate the names by single commas, or remove the annotation';
  annotations.invalid(name, names.length === 1 ? 'is empty' : 'has an empty name', { value: text, remedy });
  return [];
}

/** With this policy nothing could come of these wishes, and whoever wrote them counts on them. */
function refuseIdle(annotations: Fields, writeBack: WriteBackPolicy, others: string | undefined): void {
  const isSilent = writeBack === 'hold' || writeBack === 'off';
  const isOnlyPush = writeBack === 'revert' && others !== 'pull-request';
  const idle = isSilent
    ? [confirm, otherCommits, labels, reviewers, autoMerge]
    : isOnlyPush
      ? [labels, reviewers, autoMerge]
      : [];
  const why = isSilent ? 'Git is not written' : 'no pull request is ever opened';
  const instead = isSilent ? 'pull-request-if-protected' : 'pull-request or pull-request-if-protected';
  for (const name of idle.filter((each) => isText(annotations, each))) {
    const remedy = `remove it, or set ${policy} to ${instead}`;
    annotations.invalid(name, `has no effect: with ${policy}: ${writeBack} ${why}`, {
      value: annotations.raw(name),
      remedy,
    });
  }
}
