import type { HelmOptions } from '../../domain/application-spec';
import type { Capabilities } from '../../ports/render';
import { substitute } from './environment';

/** Everything that decides what `helm template` says, besides the files. */
export interface HelmSettings {
  readonly releaseName: string;
  readonly namespace: string;
  readonly values?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly value: string;
    readonly forceString: boolean;
  }[];
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly skipCrds: boolean;
  readonly skipTests: boolean;
  readonly skipSchemaValidation: boolean;
}

/** The options with their defaults: release and namespace of the application, versions of the cluster, CRDs included. */
export function settingsOf(
  helm: HelmOptions,
  application: {
    readonly application: string;
    readonly namespace: string;
    readonly capabilities: Capabilities;
  },
  variables: Readonly<Record<string, string>>,
): HelmSettings {
  const { parameters = [], apiVersions = [] } = helm;
  return {
    releaseName: helm.releaseName || application.application,
    namespace: helm.namespace || application.namespace,
    ...(helm.values !== undefined && helm.values !== '' && { values: helm.values }),
    parameters: parameters.map(({ name, value, forceString = false }) => ({
      name,
      value: substitute(value, variables),
      forceString,
    })),
    kubeVersion: helm.kubeVersion || application.capabilities.kubeVersion,
    apiVersions: apiVersions.length > 0 ? apiVersions : application.capabilities.apiVersions,
    skipCrds: helm.skipCrds ?? false,
    skipTests: helm.skipTests ?? false,
    skipSchemaValidation: helm.skipSchemaValidation ?? false,
  };
}

/** The files by their paths in the jail. */
export interface HelmFiles {
  readonly chart: string;
  /** In order, the inline values last. */
  readonly values: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly path: string }[];
}

/** The command line: `helm template` has no access to a cluster, so that `lookup` finds nothing. */
export function templateArguments(settings: HelmSettings, files: HelmFiles): string[] {
  const { namespace, kubeVersion, apiVersions, parameters } = settings;
  const set = parameters.flatMap(({ name, value, forceString }) => [
    forceString ? '--set-string' : '--set',
    `${name}=${escapeCommas(value)}`,
  ]);
  return [
    'template',
    './' + files.chart,
    '--name-template',
    settings.releaseName,
    ...(namespace === '' ? [] : ['--namespace', namespace]),
    ...(kubeVersion === '' ? [] : ['--kube-version', kubeVersion]),
    ...set,
    ...files.parameters.flatMap(({ name, path }) => ['--set-file', `${name}=./${escapeCommas(path)}`]),
    ...files.values.flatMap((path) => ['--values', `./${path}`]),
    ...apiVersions.flatMap((version) => ['--api-versions', version]),
    ...(settings.skipCrds ? [] : ['--include-crds']),
    ...(settings.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(settings.skipTests ? ['--skip-tests'] : []),
  ];
}

/** A comma would begin another parameter, except in Helm's own list form `{a,b}` and where it is escaped already. */
function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,');
}
