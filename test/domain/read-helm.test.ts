import type { HelmOptions } from '../../src/domain/application-spec';
import { applicationWith, flaws, sourceWith } from './application-flaws';
import { valueOf } from './read-yaml';

const helmOf = (helm: string) => valueOf(sourceWith(`helm: ${helm}`)).source.helm;

const good: readonly (readonly [string, HelmOptions | undefined])[] = [
  ['{}', undefined],
  [
    '{ valueFiles: [], parameters: [], skipCrds: false, passCredentials: false, releaseName: "", version: "" }',
    undefined,
  ],
  ['{ version: v3 }', undefined],
  ['{ releaseName: my.shop-1 }', { releaseName: 'my.shop-1' }],
  [
    '{ valueFiles: [values.yaml, ../common.yaml, /env/prod.yaml] }',
    { valueFiles: ['values.yaml', '../common.yaml', '/env/prod.yaml'] },
  ],
  [
    '{ valueFiles: [../../root.yaml], ignoreMissingValueFiles: true }',
    { valueFiles: ['../../root.yaml'], ignoreMissingValueFiles: true },
  ],
  ['{ values: "image: { tag: v1 }" }', { values: 'image: { tag: v1 }' }],
  [
    '{ values: "a: 1", valuesObject: { b: { c: [1, true, null, "x"] } } }',
    { values: '{"b":{"c":[1,true,null,"x"]}}' },
  ],
  ['{ valuesObject: { a: "\\x7f\\u2028\\ufeff" } }', { values: '{"a":"\\u007f\\u2028\\ufeff"}' }],
  ['{ values: "a: 1", valuesObject: {} }', undefined],
  [
    '{ parameters: [{ name: a.b, value: "1" }, { name: c, value: "2", forceString: true }, { name: d }] }',
    {
      parameters: [
        { name: 'a.b', value: '1' },
        { name: 'c', value: '2', forceString: true },
        { name: 'd', value: '' },
      ],
    },
  ],
  [
    '{ fileParameters: [{ name: config, path: files/config.json }] }',
    { fileParameters: [{ name: 'config', path: 'files/config.json' }] },
  ],
  [
    '{ skipCrds: true, skipTests: true, skipSchemaValidation: true }',
    { skipCrds: true, skipTests: true, skipSchemaValidation: true },
  ],
  [
    '{ namespace: tools, kubeVersion: 1.30.0, apiVersions: [v1/Service, traefik.io/v1alpha1/TLSOption, apps/v1] }',
    {
      namespace: 'tools',
      kubeVersion: '1.30.0',
      apiVersions: ['v1/Service', 'traefik.io/v1alpha1/TLSOption', 'apps/v1'],
    },
  ],
  ['{ kubeVersion: v1.31.2+k3s1 }', { kubeVersion: 'v1.31.2+k3s1' }],
];

test.each(good)('reads helm: %s', (written, expected) => {
  expect(helmOf(written)).toEqual(expected);
});

test.each([
  ['$ARGOCD_APP_NAME/values.yaml', undefined],
  ['env/${ARGOCD_APP_NAMESPACE}.yaml', undefined],
  [
    '/${ARGOCD_APP_NAME}/../../values.yaml',
    'path /${ARGOCD_APP_NAME}/../../values.yaml leaves the repository',
  ],
])("a value file may have Argo CD's variables in its path: %s", (file, told) => {
  const read = sourceWith(`helm: { valueFiles: ['${file}'], parameters: [{ name: a, value: '${file}' }] }`);
  expect(flaws(read).map((each) => each.replace(/^.*?: (.*);.*$/, '$1'))).toEqual(
    told === undefined ? [] : [told],
  );
});

const pathRemedy = 'name something inside of the repository';
const bad: readonly (readonly [string, ...string[]])[] = [
  [
    '{ releaseNam: x }',
    'UnknownField spec.source.helm.releaseNam: unknown field; did you mean "releaseName"?',
  ],
  [
    '{ releaseName: Shop }',
    'InvalidSpec spec.source.helm.releaseName: "Shop" is no name of a release; use at most 53 lower-case letters, digits, dashes and dots',
  ],
  [
    `{ releaseName: ${'a'.repeat(54)} }`,
    `InvalidSpec spec.source.helm.releaseName: "${'a'.repeat(54)}" is no name of a release; use at most 53 lower-case letters, digits, dashes and dots`,
  ],
  [
    '{ version: v2 }',
    'Unsupported spec.source.helm.version: Helm 2 is not supported; write v3, or remove it',
  ],
  [
    '{ version: 3.1 }',
    'InvalidSpec spec.source.helm.version: must be a text, not the number 3.1; write it in quotes: "3.1"',
  ],
  [
    '{ version: v4 }',
    'InvalidSpec spec.source.helm.version: "v4" is no version of Helm; write v3, or remove it',
  ],
  [
    '{ passCredentials: true }',
    'Unsupported spec.source.helm.passCredentials: passing the credentials of a chart repository to other hosts is not supported yet; remove it, and give the worker credentials for each host',
  ],
  [
    '{ valueFiles: values.yaml }',
    'InvalidSpec spec.source.helm.valueFiles: must be a list, not a text; write its items below it',
  ],
  [
    '{ valueFiles: [1, ""] }',
    'InvalidSpec spec.source.helm.valueFiles[0]: must be a text, not the number 1; write it in quotes: "1"',
    'InvalidSpec spec.source.helm.valueFiles[1]: is empty; remove it',
  ],
  [
    '{ valueFiles: [ok.yaml, ../../../x.yaml] }',
    `InvalidSpec spec.source.helm.valueFiles[1]: path ../../../x.yaml leaves the repository; ${pathRemedy}`,
  ],
  [
    '{ valueFiles: [/../x.yaml] }',
    `InvalidSpec spec.source.helm.valueFiles[0]: path /../x.yaml leaves the repository; ${pathRemedy}`,
  ],
  [
    '{ valueFiles: ["a\\\\b"] }',
    'InvalidSpec spec.source.helm.valueFiles[0]: has characters that no path has; write its names with /',
  ],
  [
    '{ valueFiles: ["https://me:hunter2@x.example/v.yaml"] }',
    'Unsupported spec.source.helm.valueFiles[0]: a value file from a URL is not supported yet; commit it to a repository and name its path',
  ],
  [
    '{ valueFiles: ["secrets+age-import:///key.txt"] }',
    'Unsupported spec.source.helm.valueFiles[0]: a value file from a URL is not supported yet; commit it to a repository and name its path',
  ],
  [
    '{ valueFiles: ["envs/*.yaml"] }',
    'Unsupported spec.source.helm.valueFiles[0]: a pattern of value files is not supported yet; name each file',
  ],
  [
    '{ valueFiles: ["$ARGOCD_APP_PROJECT_NAME/values.yaml"] }',
    "Unsupported spec.source.helm.valueFiles[0]: $ARGOCD_APP_PROJECT_NAME of Argo CD's build environment is not supported; write out what it stands for",
  ],
  [
    '{ valueFiles: [$values/a.yaml] }',
    'InvalidSpec spec.source.helm.valueFiles[0]: no source has the ref "values"; no source has a ref',
  ],
  [
    '{ values: { a: 1 } }',
    'InvalidSpec spec.source.helm.values: must be a text, not a map of fields; write a text, or valuesObject for a map',
  ],
  [
    '{ valuesObject: "a: 1" }',
    'InvalidSpec spec.source.helm.valuesObject: must be a map of fields, not a text; write its fields below it, or values for a text',
  ],
  [
    '{ parameters: [{ value: "1" }] }',
    'InvalidSpec spec.source.helm.parameters[0].name: is missing; write the path of a value, such as image.tag',
  ],
  [
    '{ parameters: [{ name: a, value: 1 }] }',
    'InvalidSpec spec.source.helm.parameters[0].value: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    '{ parameters: [{ name: a, valu: "1" }] }',
    'UnknownField spec.source.helm.parameters[0].valu: unknown field; did you mean "value"?',
  ],
  [
    '{ parameters: [{ name: a, forceString: "true" }] }',
    'InvalidSpec spec.source.helm.parameters[0].forceString: must be true or false, not a text; write true or false without quotes',
  ],
  [
    '{ parameters: [{ name: a, value: "v-${KUBE_VERSION}" }] }',
    "Unsupported spec.source.helm.parameters[0].value: $KUBE_VERSION of Argo CD's build environment is not supported; write out what it stands for",
  ],
  [
    '{ fileParameters: [{ name: a }] }',
    'InvalidSpec spec.source.helm.fileParameters[0].path: is missing; write the path of a file',
  ],
  [
    '{ fileParameters: [{ path: a }] }',
    'InvalidSpec spec.source.helm.fileParameters[0].name: is missing; write the path of a value, such as config',
  ],
  [
    '{ fileParameters: [{ name: a, path: /../b }] }',
    `InvalidSpec spec.source.helm.fileParameters[0].path: path /../b leaves the repository; ${pathRemedy}`,
  ],
  [
    '{ namespace: My_Tools }',
    'InvalidSpec spec.source.helm.namespace: "My_Tools" is not the name of a namespace; use at most 63 lower-case letters, digits and dashes',
  ],
  [
    '{ kubeVersion: newest }',
    'InvalidSpec spec.source.helm.kubeVersion: "newest" is no version of Kubernetes; write one such as 1.30.0',
  ],
  [
    '{ apiVersions: ["apps / v1"] }',
    'InvalidSpec spec.source.helm.apiVersions[0]: "apps / v1" is no API version; write one such as apps/v1 or apps/v1/Deployment',
  ],
];

test.each(bad)('refuses helm: %s', (written, ...told) => {
  expect(flaws(sourceWith(`helm: ${written}`))).toEqual(told);
});

test.each([
  '{ valueFiles: ["https://me:hunter2@x.example/v.yaml"] }',
  '{ values: { password: hunter2 } }',
  '{ valuesObject: "password: hunter2" }',
])('says nothing secret about %s', (helm) => {
  const read = sourceWith(`helm: ${helm}`);
  expect(read.ok).toBe(false);
  expect(JSON.stringify(read)).not.toContain('hunter2');
});

const chart = 'repoURL: https://charts.example, chart: nginx, targetRevision: 1.2.3';

test('value files of a chart repository lie in the chart', () => {
  const read = applicationWith(`source: { ${chart}, helm: { valueFiles: [ci/a.yaml, ../b.yaml] } }`);
  expect(flaws(read)).toEqual([
    'InvalidSpec spec.source.helm.valueFiles[1]: path ../b.yaml leaves the chart; name something inside of the chart',
  ]);
});

test.each([
  ['$values/envs/prod.yaml', undefined],
  ['$values/a/../b.yaml', undefined],
  ['$value/a.yaml', 'no source has the ref "value"; did you mean "$values"?'],
  ['$others/a.yaml', 'no source has the ref "others"; known refs: values, more'],
  ['$values', '$values names a repository and no file in it; write $values/path/of/values.yaml'],
  [
    '$values/../a.yaml',
    'path ../a.yaml leaves the repository of $values; name something inside of the repository of $values',
  ],
])('a chart with the value file %s of another source', (file, told) => {
  const values = '{ repoURL: https://git.example/env.git, ref: values }';
  const more = '{ repoURL: https://git.example/more.git, ref: more }';
  const read = applicationWith(
    `sources: [{ ${chart}, helm: { valueFiles: ['${file}'] } }, ${values}, ${more}]`,
  );
  expect(flaws(read)).toEqual(
    told === undefined ? [] : [`InvalidSpec spec.sources[0].helm.valueFiles[0]: ${told}`],
  );
});
