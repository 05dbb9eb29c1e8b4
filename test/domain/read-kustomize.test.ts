import type { KustomizeOptions } from '../../src/domain/application-spec';
import { flaws, sourceWith } from './application-flaws';
import { valueOf } from './read-yaml';

const good: readonly (readonly [string, KustomizeOptions | undefined])[] = [
  ['{}', undefined],
  ['{ images: [], version: "", namePrefix: "", commonLabels: {}, forceCommonLabels: false }', undefined],
  [
    '{ namePrefix: prod-, nameSuffix: -v2, namespace: shop-prod }',
    { namePrefix: 'prod-', nameSuffix: '-v2', namespace: 'shop-prod' },
  ],
  [
    '{ replicas: [{ name: web, count: 4 }, { name: api, count: "0" }] }',
    {
      replicas: [
        { name: 'web', count: 4 },
        { name: 'api', count: 0 },
      ],
    },
  ],
  ['{ commonAnnotations: { a: "${KUBE_VERSION}" } }', { commonAnnotations: { a: '${KUBE_VERSION}' } }],
  [
    '{ commonLabels: { a: b }, labelWithoutSelector: true, labelIncludeTemplates: true, forceCommonLabels: true }',
    {
      commonLabels: { a: 'b' },
      labelWithoutSelector: true,
      labelIncludeTemplates: true,
      forceCommonLabels: true,
    },
  ],
  [
    '{ commonAnnotations: { a: "x-${ARGOCD_APP_REVISION}" }, commonAnnotationsEnvsubst: true, forceCommonAnnotations: true }',
    {
      commonAnnotations: { a: 'x-${ARGOCD_APP_REVISION}' },
      commonAnnotationsEnvsubst: true,
      forceCommonAnnotations: true,
    },
  ],
  [
    '{ components: [../tls, ./a//b/, local], ignoreMissingComponents: true }',
    { components: ['../tls', './a//b/', 'local'], ignoreMissingComponents: true },
  ],
  [
    '{ kubeVersion: 1.30.0, apiVersions: [v1/Service] }',
    { kubeVersion: '1.30.0', apiVersions: ['v1/Service'] },
  ],
  [
    '{ patches: [{ path: patch.yaml, options: { allowNameChange: true } }, { target: { kind: Deployment, labelSelector: "app=web" }, patch: "- op: remove" }] }',
    {
      patches: [
        { path: 'patch.yaml', options: { allowNameChange: true } },
        { target: { kind: 'Deployment', labelSelector: 'app=web' }, patch: '- op: remove' },
      ],
    },
  ],
];

test.each(good)('reads kustomize: %s', (written, expected) => {
  expect(valueOf(sourceWith(`kustomize: ${written}`)).source.kustomize).toEqual(expected);
});

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  'web:v2',
  'web=registry.example/team/web',
  'web=registry.example:5000/team/web:v2',
  `web@${digest}`,
  `quay.io/team/web=mirror.example/web:v2@${digest}`,
  'localhost:5000/web:v2',
  'web=*:v2',
  'Web_1=other',
  'web:v-${ARGOCD_APP_REVISION_SHORT}',
  '$ARGOCD_APP_NAME=mirror.example/$ARGOCD_APP_NAMESPACE/web',
])('takes the image %s', (image) => {
  expect(valueOf(sourceWith(`kustomize: { images: ['${image}'] }`)).source.kustomize).toEqual({
    images: [image],
  });
});

const imageRemedy = 'write name:tag, name@digest or name=new-name:tag';
const pathRemedy = 'name something inside of the repository';
const bad: readonly (readonly [string, ...string[]])[] = [
  [
    '{ namePrefx: a- }',
    'UnknownField spec.source.kustomize.namePrefx: unknown field; did you mean "namePrefix"?',
  ],
  [
    '{ namePrefix: "a b" }',
    'InvalidSpec spec.source.kustomize.namePrefix: "a b" cannot be part of a name; use letters, digits, dashes and dots',
  ],
  [
    '{ nameSuffix: a/b }',
    'InvalidSpec spec.source.kustomize.nameSuffix: "a/b" cannot be part of a name; use letters, digits, dashes and dots',
  ],
  [
    '{ version: v4.5.7 }',
    'Unsupported spec.source.kustomize.version: a Kustomize version of its own is not supported yet; remove it: the version that the worker brings is used',
  ],
  [
    '{ namespace: A }',
    'InvalidSpec spec.source.kustomize.namespace: "A" is not the name of a namespace; use at most 63 lower-case letters, digits and dashes',
  ],
  [
    '{ images: [web] }',
    `InvalidSpec spec.source.kustomize.images[0]: "web" says nothing new about the image; ${imageRemedy}`,
  ],
  [
    '{ images: ["localhost:5000/web"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "localhost:5000/web" says nothing new about the image; ${imageRemedy}`,
  ],
  [
    '{ images: ["web:v 2"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "web:v 2" names no image; ${imageRemedy}`,
  ],
  [
    '{ images: ["web:v1:v2"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "web:v1:v2" names no image; ${imageRemedy}`,
  ],
  [
    '{ images: ["web=a=b"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "web=a=b" names no image; ${imageRemedy}`,
  ],
  [
    '{ images: ["web@latest"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "web@latest" names no image; ${imageRemedy}`,
  ],
  [
    '{ images: ["--help:x"] }',
    `InvalidSpec spec.source.kustomize.images[0]: "--help:x" names no image; ${imageRemedy}`,
  ],
  [
    '{ images: ["web:$ARGOCD_ENV_TAG"] }',
    "Unsupported spec.source.kustomize.images[0]: $ARGOCD_ENV_TAG of Argo CD's build environment is not supported; write out what it stands for",
  ],
  [
    '{ commonLabels: { a: $ARGOCD_APP_PROJECT_NAME } }',
    "Unsupported spec.source.kustomize.commonLabels.a: $ARGOCD_APP_PROJECT_NAME of Argo CD's build environment is not supported; write out what it stands for",
  ],
  [
    '{ commonAnnotations: { a: "${KUBE_VERSION}" }, commonAnnotationsEnvsubst: true }',
    "Unsupported spec.source.kustomize.commonAnnotations.a: $KUBE_VERSION of Argo CD's build environment is not supported; write out what it stands for",
  ],
  [
    '{ commonLabels: { belay.dev/application: a } }',
    'InvalidSpec spec.source.kustomize.commonLabels["belay.dev/application"]: labels under belay.dev/ are Belay\'s own; remove it, or give it a prefix of your own',
  ],
  [
    '{ commonAnnotations: { a: 1 } }',
    'InvalidSpec spec.source.kustomize.commonAnnotations.a: must be a text, not the number 1; write it in quotes: "1"',
  ],
  [
    '{ replicas: [{ count: 1 }] }',
    'InvalidSpec spec.source.kustomize.replicas[0].name: is missing; write the name of a Deployment, ReplicaSet or StatefulSet',
  ],
  [
    '{ replicas: [{ name: web }] }',
    'InvalidSpec spec.source.kustomize.replicas[0].count: is missing; write how many',
  ],
  [
    '{ replicas: [{ name: web, count: many }] }',
    'InvalidSpec spec.source.kustomize.replicas[0].count: must be a whole number, not a text; write a whole number without quotes',
  ],
  [
    '{ replicas: [{ name: web, count: -1 }] }',
    'InvalidSpec spec.source.kustomize.replicas[0].count: -1 is below 0; use 0 or more',
  ],
  [
    '{ replicas: [{ name: web, count: 1, kind: Deployment }] }',
    'UnknownField spec.source.kustomize.replicas[0].kind: unknown field; remove it',
  ],
  [
    '{ patches: [{ target: { kind: Deployment } }] }',
    'InvalidSpec spec.source.kustomize.patches[0]: says no patch; write patch with its text, or path of a file',
  ],
  [
    '{ patches: [{ patch: x, path: p.yaml }] }',
    'InvalidSpec spec.source.kustomize.patches[0].path: patch and path are both given; keep one of them',
  ],
  [
    '{ patches: [{ patch: { a: b } }] }',
    'InvalidSpec spec.source.kustomize.patches[0].patch: must be a text, not a map of fields; write a text',
  ],
  [
    '{ patches: [{ path: ../../../x.yaml }] }',
    `InvalidSpec spec.source.kustomize.patches[0].path: path ../../../x.yaml leaves the repository; ${pathRemedy}`,
  ],
  [
    '{ patches: [{ patch: x, target: {} }] }',
    'InvalidSpec spec.source.kustomize.patches[0].target: names nothing; write one of: group, version, kind, name, namespace, labelSelector, annotationSelector; or remove target',
  ],
  [
    '{ patches: [{ patch: x, target: { knd: Deployment } }] }',
    'UnknownField spec.source.kustomize.patches[0].target.knd: unknown field; did you mean "kind"?',
  ],
  [
    '{ patches: [{ patch: x, options: { allowKindChange: yes please } }] }',
    'InvalidSpec spec.source.kustomize.patches[0].options.allowKindChange: must be true or false, not a text; write true or false without quotes',
  ],
  [
    '{ patches: [{ patch: x, options: { allow: true } }] }',
    'UnknownField spec.source.kustomize.patches[0].options.allow: unknown field; remove it',
  ],
  [
    '{ components: [../../../tls] }',
    `InvalidSpec spec.source.kustomize.components[0]: path ../../../tls leaves the repository; ${pathRemedy}`,
  ],
  [
    '{ components: [/tls], patches: [{ path: /p.yaml }] }',
    'InvalidSpec spec.source.kustomize.patches[0].path: path /p.yaml is absolute; write it relative to the kustomization',
    'InvalidSpec spec.source.kustomize.components[0]: path /tls is absolute; write it relative to the kustomization',
  ],
  [
    '{ components: ["https://github.com/a/b//tls?ref=v1"] }',
    'Unsupported spec.source.kustomize.components[0]: a component of another repository is not supported yet; commit it to this repository and name its path',
  ],
  [
    '{ components: ["git@git.example:a/b.git"] }',
    'Unsupported spec.source.kustomize.components[0]: a component of another repository is not supported yet; commit it to this repository and name its path',
  ],
];

test.each(bad)('refuses kustomize: %s', (written, ...told) => {
  expect(flaws(sourceWith(`kustomize: ${written}`))).toEqual(told);
});
