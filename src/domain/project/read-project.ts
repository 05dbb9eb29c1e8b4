import { Fields } from '../fields';
import { readOf, type Located } from '../located';
import type { Problem, Read } from '../problem';
import { ignore, refuse, reportUnknown, type Refusals } from '../read-refusals';
import { readTexts } from '../read-texts';
import { requireField } from '../read-with';
import type { AccountRule, DestinationRule, KindRule, Project } from './project';
import { readWindow } from './read-window';

const refusals: Refusals = {
  signatureKeys: ['signed commits are', 'remove signatureKeys; protect the branch at the forge'],
  sourceIntegrity: ['signed sources are', 'remove sourceIntegrity; protect the branch at the forge'],
  permitOnlyProjectScopedClusters: [
    'permitOnlyProjectScopedClusters is',
    'name the clusters of the project in destinations',
  ],
};

/** Fields that mean something to Argo CD's server only. */
const withoutEffect: Readonly<Record<string, string>> = {
  roles: 'who may do what is decided by the access to the Temporal namespace',
  orphanedResources: 'objects that belong to no application are not watched for',
  sourceNamespaces: 'applications are not objects of a cluster here',
};

/** An Argo CD `AppProject`, or everything that is wrong with it. */
export function readProject(located: Located): Read<Project> {
  const problems: Problem[] = [];
  const top = new Fields({ located, problems }, [], located.object);
  const apiVersion = top.string('apiVersion');
  if (apiVersion !== 'argoproj.io/v1alpha1' || top.string('kind') !== 'AppProject') {
    const remedy = 'keep only AppProjects (argoproj.io/v1alpha1) in the policy directory';
    top.report({ code: 'InvalidSpec', path: [], message: 'is not an AppProject', remedy });
    return readOf<Project>(undefined, problems);
  }
  ignore(top, 'metadata', 'status');
  const written = requireField(top, 'spec', 'write what applications of the project may use');
  const spec = written ? top.map('spec') : undefined;
  const project = spec === undefined ? undefined : readSpec(spec, located.object.metadata.name);
  reportUnknown(top);
  return readOf(project, problems);
}

function readSpec(spec: Fields, name: string): Project {
  refuse(spec, refusals);
  ignore(spec, 'description');
  const notes = Object.entries(withoutEffect).flatMap(([field, why]) =>
    spec.raw(field) === undefined ? [] : [`project ${name}: spec.${field} has no effect: ${why}`],
  );
  const hasNamespaced = spec.raw('namespaceResourceWhitelist') !== undefined;
  const project: Project = {
    name,
    sourceRepos: readTexts(spec, 'sourceRepos'),
    destinations: spec.maps('destinations').map(readDestinationRule),
    clusterAllowed: spec.maps('clusterResourceWhitelist').map((each) => readKind(each, true)),
    clusterDenied: spec.maps('clusterResourceBlacklist').map((each) => readKind(each, true)),
    ...(hasNamespaced && {
      namespacedAllowed: spec.maps('namespaceResourceWhitelist').map((each) => readKind(each, false)),
    }),
    namespacedDenied: spec.maps('namespaceResourceBlacklist').map((each) => readKind(each, false)),
    accounts: spec.maps('destinationServiceAccounts').flatMap(readAccount),
    windows: spec.maps('syncWindows').flatMap(readWindow),
    notes,
  };
  reportUnknown(spec);
  return project;
}

function readDestinationRule(fields: Fields): DestinationRule {
  const rule = {
    server: fields.string('server') ?? '',
    name: fields.string('name') ?? '',
    namespace: fields.string('namespace') ?? '',
  };
  reportUnknown(fields);
  if (rule.server === '' && rule.name === '')
    fields.report({
      code: 'InvalidSpec',
      path: fields.path,
      message: 'names no cluster',
      remedy: "write server: '*' or name: '*' for all, or the URL or name of one",
    });
  return rule;
}

function readKind(fields: Fields, hasName: boolean): KindRule {
  const name = hasName ? fields.string('name') || undefined : undefined;
  const rule = { group: fields.string('group') ?? '', kind: fields.string('kind') ?? '' };
  if (rule.kind === '') fields.invalid('kind', 'is missing', { remedy: "write kind: '*' for all kinds" });
  reportUnknown(fields);
  return name === undefined ? rule : { ...rule, name };
}

/** Characters that Argo CD refuses in the name of an account: it is no pattern. */
const noAccount = /[!*[\]{}\\/\s]/;

function readAccount(fields: Fields): readonly AccountRule[] {
  const server = fields.string('server') ?? '';
  const namespace = fields.string('namespace') ?? '';
  const account = (fields.string('defaultServiceAccount') ?? '').trim();
  reportUnknown(fields);
  if (account !== '' && !noAccount.test(account) && account.split(':').length <= 2)
    return [{ server, namespace, account }];
  const remedy = 'write the name of a ServiceAccount, or namespace:name';
  fields.invalid('defaultServiceAccount', 'names no account', { value: account, remedy });
  return [];
}
