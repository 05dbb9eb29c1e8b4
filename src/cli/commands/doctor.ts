import type { Command } from 'commander';
import { diagnosis } from '../../client/doctor-diagnosis';
import type { DoctorReport } from '../../domain/doctor/report';
import { examples } from '../arguments';
import { withClient, type CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { outputOption, print, type OutputFormat } from '../output/print';
import { viewOf } from '../output/view';
import { doctorView } from '../views/doctor-view';

/** `belay doctor`. */
export function addDoctor(program: Command, cli: CliContext): void {
  program
    .command('doctor')
    .summary('say what is wrong with the installation')
    .description(
      'Looks at Temporal, workers, versions, workflows and applications, and says what is wrong, why, since when and what to do. Changes nothing. Ends with 0 when all is well, else with 1.',
    )
    .addOption(outputOption(['json', 'yaml']))
    .addHelpText('after', examples('belay doctor', 'belay doctor -o json | jq -r ".findings[].what"'))
    .action(async ({ output }: { readonly output?: OutputFormat }) => {
      const report = await examine(cli);
      print(cli, { data: report, names: [], lines: () => doctorView(report, viewOf(cli)) }, output);
      cli.exitCode = report.isWell ? exitCodes.done : exitCodes.failed;
    });
}

/** A Temporal that cannot be reached is what a doctor is asked about, and no failure of the command. */
async function examine(cli: CliContext): Promise<DoctorReport> {
  try {
    return await withClient(cli, (client) => client.doctor(cli.now()));
  } catch (error: unknown) {
    return diagnosis(error, { now: cli.now(), where: 'as configured' });
  }
}
