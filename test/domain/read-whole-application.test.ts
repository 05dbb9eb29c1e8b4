import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import { readApplication } from '../../src/domain/read-application';
import { objectsIn, valueOf } from './read-yaml';

const file = join(__dirname, '..', 'fixtures', 'application.yaml');

const helm: ApplicationSpec['source']['helm'] = {
  releaseName: 'front',
  valueFiles: ['values-prod.yaml', '$env/front/values.yaml'],
  ignoreMissingValueFiles: true,
  values: '{"ingress":{"enabled":true,"hosts":["shop.example"]}}',
  parameters: [
    { name: 'image.tag', value: '1.10', forceString: true },
    { name: 'replicas', value: '2' },
  ],
  fileParameters: [{ name: 'config', path: 'files/config.json' }],
  skipCrds: true,
  skipTests: true,
  skipSchemaValidation: true,
  namespace: 'front',
  kubeVersion: '1.30.0',
  apiVersions: ['traefik.io/v1alpha1/TLSOption'],
};

const kustomize: ApplicationSpec['source']['kustomize'] = {
  namePrefix: 'prod-',
  nameSuffix: '-v2',
  namespace: 'shop-prod',
  images: ['web=registry.example/web:1.10'],
  replicas: [{ name: 'web', count: 4 }],
  commonLabels: { tier: 'front' },
  labelWithoutSelector: true,
  labelIncludeTemplates: true,
  forceCommonLabels: true,
  commonAnnotations: { revision: '${ARGOCD_APP_REVISION}' },
  commonAnnotationsEnvsubst: true,
  forceCommonAnnotations: true,
  patches: [{ target: { kind: 'Deployment', name: 'web' }, patch: '- { op: remove, path: /spec/replicas }' }],
  components: ['../../components/tls'],
  ignoreMissingComponents: true,
  kubeVersion: '1.30.0',
  apiVersions: ['v1/Service'],
};

const expected: ApplicationSpec = {
  name: 'shop',
  project: 'shops',
  source: {
    repoUrl: 'https://git.example/shop.git',
    path: 'overlays/prod',
    targetRevision: '>=1.0 <2',
    recurse: false,
    kustomize,
  },
  otherSources: [
    {
      repoUrl: 'https://charts.example/stable',
      chart: 'nginx',
      path: '.',
      targetRevision: '~1.2',
      recurse: false,
      helm,
    },
    {
      repoUrl: 'https://git.example/env.git',
      path: '.',
      targetRevision: 'prod',
      recurse: false,
      ref: 'env',
      refOnly: true,
    },
    {
      repoUrl: 'git@git.example:team/plain.git',
      path: 'manifests',
      targetRevision: 'HEAD',
      recurse: true,
      directory: { include: '*.yaml', exclude: 'test/*' },
    },
  ],
  destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
  automated: { prune: true, selfHeal: true, allowEmpty: true },
  createNamespace: true,
  namespaceMetadata: { labels: { team: 'front' }, annotations: { owner: 'anna' } },
  syncOptions: {
    validate: false,
    skipDryRunOnMissingResource: true,
    pruneLast: true,
    replace: false,
    force: false,
    serverSideApply: true,
    applyOutOfSyncOnly: true,
    prune: 'confirm',
    delete: 'confirm',
    clientSideApplyMigration: false,
    prunePropagation: 'Background',
    respectIgnoreDifferences: true,
    failOnSharedResource: true,
  },
  retry: { limit: -1, durationMs: 10_000, factor: 3, maxDurationMs: 600_000, refresh: true },
  syncTimeoutMs: 1_200_000,
  ignoreDifferences: [
    {
      group: 'apps',
      kind: 'Deployment',
      name: 'web',
      namespace: 'shop',
      jsonPointers: ['/spec/replicas'],
      jqPathExpressions: [],
      managedFieldsManagers: [],
    },
    {
      group: '',
      kind: 'ConfigMap',
      jsonPointers: [],
      jqPathExpressions: ['.data["config.yaml"]'],
      managedFieldsManagers: [],
    },
    {
      group: '*',
      kind: '*',
      jsonPointers: [],
      jqPathExpressions: [],
      managedFieldsManagers: ['kube-controller-manager'],
    },
  ],
  generatePaths: ['overlays/prod', 'manifests', 'shared'],
  generatePathsBySource: [['overlays/prod', 'shared'], [], [], ['manifests', 'shared']],
  cascade: true,
  revisionHistoryLimit: 3,
  writeBack: 'hold',
};

test('an Application in which every field is written is read to the last of them', () => {
  const [located] = objectsIn(readFileSync(file, 'utf8'), 'application.yaml');
  if (located === undefined) throw new Error('no object');
  expect(valueOf(readApplication(located))).toEqual(expected);
});
