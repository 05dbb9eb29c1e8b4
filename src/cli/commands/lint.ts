import type { Command } from 'commander';
import type { LintFinding } from '../../domain/lint/finding';
import { examples } from '../arguments';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { loadLint } from '../lazy';
import { readLintFiles } from '../lint-files';
import { outputOption, print, type OutputFormat } from '../output/print';
import { styleFor } from '../output/style';
import { lintLines, lintSummary } from '../views/lint';

interface LintOptions {
  readonly namespace?: string;
  readonly strict?: boolean;
  readonly output?: OutputFormat;
}

/** `belay lint`: needs no cluster and no Temporal. */
export function addLint(program: Command, cli: CliContext): void {
  program
    .command('lint')
    .summary('check manifests before they are pushed')
    .description(
      'Checks Applications, Rollouts and everything beside them as Belay will read them. The files of a directory are one revision.',
    )
    .argument('<path...>', 'files, or directories with everything below; - is the standard input')
    .option(
      '-n, --namespace <namespace>',
      'namespace of objects that name none; default: that of the Application',
    )
    .option('--strict', 'fail for warnings too')
    .addOption(outputOption(['json', 'yaml']))
    .addHelpText(
      'after',
      examples('belay lint k8s/', 'belay lint --strict app.yaml k8s/', 'belay lint -o json .'),
    )
    .action(async (paths: readonly string[], options: LintOptions) => {
      const files = await readLintFiles(cli, paths);
      const { readLooseFiles, lintObjects } = loadLint();
      const findings = lintObjects(readLooseFiles(files), options.namespace);
      show(cli, { files: files.length, findings }, options.output);
      const failing = options.strict === true ? ['error', 'warning'] : ['error'];
      if (findings.some(({ severity }) => failing.includes(severity))) cli.exitCode = exitCodes.failed;
    });
}

interface Linted {
  readonly files: number;
  readonly findings: readonly LintFinding[];
}

function show(cli: CliContext, { files, findings }: Linted, format: OutputFormat | undefined): void {
  const style = styleFor(cli);
  const lines = () => [...lintLines(findings, style), lintSummary(findings, files, style)];
  print(cli, { data: { files, findings }, names: [], lines }, format);
}
