import { readProject } from '../../../src/domain/project/read-project';
import { edit, objectsIn, told, valueOf, type BadRow } from '../read-yaml';

const text = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: team, namespace: argocd }
spec:
  description: the shop
  sourceRepos: ['https://git.example/team/*', '!https://git.example/team/old']
  destinations:
    - { server: https://kubernetes.default.svc, namespace: shop }
    - { name: prod, namespace: 'shop-*' }
  clusterResourceWhitelist:
    - { group: '', kind: Namespace, name: shop }
  namespaceResourceBlacklist:
    - { group: '', kind: ResourceQuota }
  destinationServiceAccounts:
    - { server: '*', namespace: shop, defaultServiceAccount: deployer }
  syncWindows:
    - kind: deny
      schedule: '0 22 * * *'
      duration: 1h30m
      timeZone: Europe/Amsterdam
      applications: ['*']
      manualSync: true
  orphanedResources: { warn: true }
  roles: [{ name: admin }]
`;
const first = (yaml: string) => {
  const [located] = objectsIn(yaml, 'team.yaml');
  if (located === undefined) throw new Error('no object');
  return readProject(located);
};

test('an AppProject is read as Argo CD reads it', () => {
  expect(valueOf(first(text))).toEqual({
    name: 'team',
    sourceRepos: ['https://git.example/team/*', '!https://git.example/team/old'],
    destinations: [
      { server: 'https://kubernetes.default.svc', name: '', namespace: 'shop' },
      { server: '', name: 'prod', namespace: 'shop-*' },
    ],
    clusterAllowed: [{ group: '', kind: 'Namespace', name: 'shop' }],
    clusterDenied: [],
    namespacedDenied: [{ group: '', kind: 'ResourceQuota' }],
    accounts: [{ server: '*', namespace: 'shop', account: 'deployer' }],
    windows: [
      {
        kind: 'deny',
        schedule: '0 22 * * *',
        durationMs: 5_400_000,
        timeZone: 'Europe/Amsterdam',
        applications: ['*'],
        namespaces: [],
        clusters: [],
        all: false,
        manualSync: true,
        syncOverrun: false,
      },
    ],
    notes: [
      'project team: spec.roles has no effect: who may do what is decided by the access to the Temporal namespace',
      'project team: spec.orphanedResources has no effect: objects that belong to no application are not watched for',
    ],
  });
});

test('the shortest AppProject allows nothing', () => {
  const short = `{ apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: { name: none }, spec: {} }`;
  expect(valueOf(first(short))).toMatchObject({ sourceRepos: [], destinations: [], clusterAllowed: [] });
  expect(valueOf(first(short))).not.toHaveProperty('namespacedAllowed');
});

test.each<BadRow>([
  [
    'another kind',
    'kind: AppProject',
    'kind: Application',
    expect.stringMatching('is not an AppProject') as string,
  ],
  [
    'an unknown field',
    'description:',
    'descriptoin:',
    expect.stringMatching('UnknownField team.yaml:5: .*did you mean') as string,
  ],
  [
    'signatures',
    'description: the shop',
    'signatureKeys: [{ keyID: "1" }]',
    expect.stringMatching('Unsupported .*signed commits are not supported yet') as string,
  ],
  [
    'scoped clusters',
    'description: the shop',
    'permitOnlyProjectScopedClusters: true',
    expect.stringMatching('Unsupported') as string,
  ],
  [
    'a destination without a cluster',
    'name: prod, ',
    '',
    expect.stringMatching(/team.yaml:9: .*destinations\[1\]: names no cluster/) as string,
  ],
  [
    'a kind without kind',
    'kind: ResourceQuota',
    '',
    expect.stringMatching(/namespaceResourceBlacklist\[0\].kind: is missing/) as string,
  ],
  [
    'an account that is a pattern',
    'deployer',
    '"*"',
    expect.stringMatching(/defaultServiceAccount: names no account/) as string,
  ],
  [
    'a window for nothing',
    "applications: ['*']",
    'applications: []',
    expect.stringMatching(/syncWindows\[0\]: is for nothing/) as string,
  ],
  [
    'a window of a wrong kind',
    'kind: deny',
    'kind: forbid',
    expect.stringMatching(/"forbid" is none of allow, deny/) as string,
  ],
  [
    'a length without a unit',
    'duration: 1h30m',
    "duration: '60'",
    expect.stringMatching(/duration: 60 without a unit is not a duration/) as string,
  ],
  ['no schedule', "schedule: '0 22 * * *'", "description: ''", expect.stringMatching(/schedule/) as string],
  [
    'a repository that is no text',
    "sourceRepos: ['https://git.example/team/*'",
    'sourceRepos: [1',
    expect.stringMatching(/sourceRepos\[0\]: must be a text/) as string,
  ],
])('%s is told', (_name, from, to, ...expected) => {
  expect(told(first(edit(text, from, to)))).toEqual(expected);
});
