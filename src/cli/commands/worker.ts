import { Option, type Command } from 'commander';
import { durationArgument, examples, listOption, payloadKeysOption, portArgument } from '../arguments';
import { deploymentVersion } from '../deployment-version';
import { loadWorker } from '../lazy';
import { logLevels, type WorkerOptions } from '../worker-options';

type Parsed = Omit<WorkerOptions, 'pollMs' | 'version'> & {
  readonly poll?: number;
  readonly deployment?: string;
  readonly buildId?: string;
};

/** `belay worker`. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .summary('run the workflows and deliver to a cluster')
    .description(
      'Runs Belay: workflows, Git and its clusters. Temporal is found as by all commands (TEMPORAL_ADDRESS, profiles).',
    )
    .option(
      '--context <name>',
      "context of the kubeconfig, as often as there are clusters; default: the pod's own cluster, inside one",
      listOption,
    )
    .option('--kubeconfig <file>', 'kubeconfig file; default: KUBECONFIG or ~/.kube/config')
    .option(
      '--namespace <name>',
      'the only namespace to deliver to and to watch, for an account with no other',
    )
    .option('--cluster-secrets', "serve the clusters of Argo CD's cluster Secrets in the first cluster, too")
    .option('--argocd-namespace <namespace>', 'where those Secrets are', 'argocd')
    .option(
      '--repository-secrets',
      "take credentials of repositories from Argo CD's repository Secrets there",
    )
    .option('--allow-charts <url...>', 'chart repositories that applications may name, and no others')
    .option('--allow-bases <url...>', 'Git repositories, or hosts, that kustomizations may take bases from')
    .option('--argocd-cm <file>', "Argo CD's ConfigMap with health scripts and ignored differences")
    .option('--policy <directory>', 'AppProjects that say what applications may use')
    .option('--policies <directory>', 'policies in Rego and CEL that hold for every application')
    .option('--health-scripts <path>', 'file or directory with your own rules of health in Lua')
    .option('--data-dir <directory>', 'where mirrors of repositories are kept')
    .addOption(
      new Option('--poll <duration>', 'how often Git is looked at (default: 10s)').argParser(
        durationArgument,
      ),
    )
    .option('--git-credentials <file>', 'JSON file that names variables and files with credentials for Git')
    .addOption(payloadKeysOption())
    .option('--deployment <name>', "Temporal's worker deployment, where old workers drain; with --build-id")
    .option('--build-id <id>', 'which version of it this worker is')
    .addOption(new Option('--health-port <port>', 'serve /healthz and /readyz here').argParser(portArgument))
    .addOption(new Option('--webhook-port <port>', 'receive webhooks here').argParser(portArgument))
    .option(
      '--webhook-secrets <file>',
      'JSON file that names variables and files with the secrets of webhooks',
    )
    .addOption(new Option('--log-level <level>', 'how much to log').choices(logLevels).default('info'))
    .addHelpText(
      'after',
      examples(
        'belay worker --context staging',
        'belay worker --context prod --context staging --policy projects/',
        'TEMPORAL_ADDRESS=temporal:7233 belay worker --health-port 8080',
      ),
    )
    .action(({ poll, deployment, buildId, ...options }: Parsed) => {
      const version = deploymentVersion(deployment, buildId);
      return loadWorker().runWorker({
        ...options,
        ...version,
        ...(poll === undefined ? {} : { pollMs: poll }),
      });
    });
}
