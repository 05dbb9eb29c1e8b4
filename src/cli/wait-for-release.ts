import type { ReleaseClient, ReleaseStatus } from '../client';
import { readReleaseId, withoutPrefix } from '../domain/release/id';
import type { Verdict } from '../domain/explain-verdict';
import { describeProblem } from '../domain/problem';
import type { ReleasesState } from '../domain/release/releases-state';
import type { ReleaseState } from '../domain/release/state';
import type { CliContext } from './context';
import { exitCodes } from './exit-codes';
import { withIcon } from './output/icons';
import { printLines } from './output/print';
import { styleFor, type Style } from './output/style';
import { oneLine } from './output/table';

/** Which release is judged: the one under way or the last one, or one that is told apart. */
export interface WantedRelease {
  /** One that brings out this commit (or its beginning) for any member. */
  readonly revision?: string;
  /** The first one after this number, which a request of this time brings about, unless it says that nothing comes of it. */
  readonly after?: { readonly number: number; readonly answeredAt?: number | undefined };
}

/** Waits until a release is good or has gone back, printing each change; the exit code. */
export async function waitForRelease(
  cli: CliContext,
  releases: ReleaseClient,
  { name, timeoutMs, ...wanted }: WantedRelease & { readonly name: string; readonly timeoutMs: number },
): Promise<number> {
  const style = styleFor(cli);
  let printed = '';
  const settled = (status: ReleaseStatus) => {
    const line = releaseLine(status, style);
    if (line !== printed) printLines(cli, [line]);
    printed = line;
    return judgeName(status, wanted) !== 'pending';
  };
  const status = await releases.waitFor(name, settled, { timeoutMs });
  const isNothing = wanted.after !== undefined && isAnsweredSince(status.releases, wanted.after);
  if (isNothing && status.releases?.answer !== undefined)
    printLines(cli, [`${name}: ${oneLine(status.releases.answer.text)}`]);
  return codeOfRelease(judgeName(status, wanted));
}

/** A release's name on one line: `shop/12: ◌ Progressing: 3 of 20 members are out`. */
export function releaseLine({ name, releases, release }: ReleaseStatus, style: Style): string {
  const [problem] = releases?.problems ?? [];
  if (problem !== undefined && releases?.running === undefined)
    return `${name}: ${withIcon('Held', style)}: cannot be released: ${oneLine(describeProblem(problem))}`;
  if (release === undefined) return `${name}: ${withIcon('Unknown', style)}: nothing was released yet`;
  const { id, phase, message } = release;
  return `${withoutPrefix(id)}: ${withIcon(phase, style)}: ${oneLine(message)}`;
}

/** The verdict on a release's name: on what is under way or came last, or on the release that is wanted. */
export function judgeName({ name, releases, release }: ReleaseStatus, wanted: WantedRelease): Verdict {
  const { revision, after } = wanted;
  const number = release === undefined ? NaN : (readReleaseId(release.id).number ?? NaN);
  if (after !== undefined && number > after.number + 1) {
    // It came and went between two looks: the history knows how.
    const ended = releases?.history.find(({ id }) => withoutPrefix(id) === `${name}/${after.number + 1}`);
    if (ended !== undefined) return ended.phase === 'Healthy' ? 'healthy' : 'failed';
  }
  const isMeant =
    release !== undefined &&
    (after === undefined || number > after.number) &&
    (revision === undefined || brings(release, revision));
  if (isMeant) return judgeRelease(release);
  if (releases === undefined || releases.running !== undefined) return 'pending';
  return releases.problems.length > 0 || isAnsweredSince(releases, after) ? 'failed' : 'pending';
}

/** What came of the request is a sentence, and no release. */
function isAnsweredSince(releases: ReleasesState | undefined, after: WantedRelease['after']): boolean {
  const answer = releases?.answer;
  if (after === undefined || answer === undefined || answer.isPassing === true) return false;
  return answer.at !== after.answeredAt;
}

/** The verdict on one release. */
export function judgeRelease({ phase, endedAt }: ReleaseState): Verdict {
  if (endedAt === undefined) return 'pending';
  return phase === 'Healthy' ? 'healthy' : 'failed';
}

/** The exit code of a verdict; what is still on its way has not failed. */
export function codeOfRelease(verdict: Verdict): number {
  return verdict === 'failed' ? exitCodes.failed : exitCodes.done;
}

function brings({ members }: ReleaseState, revision: string): boolean {
  return Object.values(members).some((each) =>
    [each.revision, ...(each.pins ?? [])].some((one) => one.startsWith(revision)),
  );
}
