import type { Command } from 'commander';
import type { Answer, Reason, ReleaseClient } from '../../client';
import { examples, reasonOption, timeoutOption } from '../arguments';
import { withClient, type CliContext } from '../context';
import { printAnswer } from '../output/print-answer';
import { waitForRelease } from '../wait-for-release';

type Ask = (releases: ReleaseClient, name: string, why: Reason) => Promise<Answer>;

interface Wording {
  readonly summary: string;
  readonly description: string;
  readonly ask: Ask;
}

/** What is asked of the release under way, and of a release's declaration. */
const steering: Readonly<Record<string, Wording>> = {
  pause: {
    summary: 'hold a release where it is',
    description:
      'Holds the release under way: no member begins, and canaries that are under way stop before their next step. What goes back is not ' +
      'held up.',
    ask: (releases, name, why) => releases.pause(name, why),
  },
  resume: {
    summary: 'let a paused release go on',
    description: 'Lets a release go on that a person has paused.',
    ask: (releases, name, why) => releases.resume(name, why),
  },
  promote: {
    summary: 'end the bake of a release',
    description:
      'Ends the time in which all members run together: they adopt the new version now. Pauses in the steps of one member are ended by ' +
      '`belay promote APP`.',
    ask: (releases, name, why) => releases.promote(name, why),
  },
  abort: {
    summary: 'stop a release and go back',
    description:
      "Stops the release under way: users' traffic of all members goes back first, then objects, then Git. With no worker alive the " +
      'request is recorded.',
    ask: (releases, name, why) => releases.abort(name, why),
  },
  delete: {
    summary: 'take back the declaration of a release',
    description:
      'Takes a release file back. The applications stay as they are, and each is delivered on its own again. A release that annotations ' +
      'declare ends when they are gone.',
    ask: (releases, name, why) => releases.drop(name, why),
  },
};

/** What brings a release about, which can be waited for. */
const starting: Readonly<Record<string, Wording>> = {
  start: {
    summary: 'release now what Git says',
    description: 'Releases what Git says now. Members without automated sync come out in no other way.',
    ask: (releases, name, why) => releases.start(name, why),
  },
  retry: {
    summary: 'try a release that went back once more',
    description:
      'Brings the revisions of the release that went back last out once more; where Git was reverted, the revert is reverted in your name.',
    ask: (releases, name, why) => releases.retry(name, why),
  },
  undo: {
    summary: 'go back to what was before the last good release',
    description: 'Takes the last good release back, in Git and in the cluster, as one.',
    ask: (releases, name, why) => releases.undo(name, why),
  },
};

/** `belay release pause`, `resume`, `promote`, `abort` and `delete`. */
export function addReleaseSteering(release: Command, cli: CliContext): void {
  for (const [name, wording] of Object.entries(steering))
    addRequest(release, name, wording)
      .addHelpText('after', examples(`belay release ${name} shop`))
      .action((target: string, why: Reason) =>
        withClient(cli, async ({ releases }) => printAnswer(cli, await wording.ask(releases, target, why))),
      );
}

/** `belay release start`, `retry` and `undo`. */
export function addReleaseStarting(release: Command, cli: CliContext): void {
  for (const [name, wording] of Object.entries(starting))
    addRequest(release, name, wording)
      .option('--wait', 'wait until the release is good (exit code 0) or has gone back (1)')
      .addOption(timeoutOption())
      .addHelpText(
        'after',
        examples(`belay release ${name} shop`, `belay release ${name} shop --wait --timeout 20m`),
      )
      .action((target: string, { wait, timeout, ...why }: Reason & { wait?: boolean; timeout: number }) =>
        withClient(cli, async ({ releases }) => {
          const before = wait === true ? await releases.status(target) : undefined;
          printAnswer(cli, await wording.ask(releases, target, why));
          if (before === undefined) return;
          const { number = 0, answer } = before.releases ?? {};
          const after = { number, answeredAt: answer?.at };
          cli.exitCode = await waitForRelease(cli, releases, { name: target, timeoutMs: timeout, after });
        }),
      );
}

function addRequest(release: Command, name: string, { summary, description }: Wording): Command {
  return release
    .command(`${name} <name>`)
    .summary(summary)
    .description(description)
    .addOption(reasonOption());
}
