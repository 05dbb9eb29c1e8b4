import { attempt } from './application-attempt';
import type { ApplicationRun } from './application-run';
import { gitAsking } from './proxies';

/**
 * Who has brought a version back that Git had gone back from: often an automation, such as an updater of images, that does not know
 * about it. ` by <author> (<subject>)` for a sentence, or nothing where Git had not gone back, or the commit cannot be read.
 */
export async function whoBroughtBack(run: ApplicationRun, revision: string, failed: string): Promise<string> {
  const { spec, state } = run;
  const { lastRevert } = state;
  if (lastRevert?.bad !== failed || lastRevert.revision === revision || revision === failed) return '';
  const { repoUrl } = spec.source;
  const asked = await attempt(() =>
    gitAsking.describeCommit.executeWithOptions({ summary: 'who brought it back' }, [{ repoUrl, revision }]),
  );
  if (!asked.ok) return '';
  const { authorName, subject } = asked.value;
  return ` by ${authorName} ("${subject.slice(0, 60)}")`;
}
