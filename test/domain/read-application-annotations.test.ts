import { applicationWith, flaws } from './application-flaws';
import { valueOf } from './read-yaml';

const one = 'source: { repoURL: /srv/git/shop.git, path: deploy/web }';
const annotated = (annotations: string, spec = one) =>
  applicationWith(spec, `annotations: { ${annotations} }`);
const generate = (paths: string) => `argocd.argoproj.io/manifest-generate-paths: "${paths}"`;

test.each([
  ['.', ['deploy/web']],
  ['.; ../base ;;/shared/', ['deploy/web', 'deploy/base', 'shared']],
  ['/', ['.']],
  ['../..', ['.']],
  ['/charts/*.yaml;.;./', ['charts/*.yaml', 'deploy/web']],
  ['', undefined],
  [' ; ', undefined],
])('manifests depend on the paths "%s"', (paths, expected) => {
  expect(valueOf(annotated(generate(paths))).generatePaths).toEqual(expected);
});

test('with several sources a relative path is one of each', () => {
  const git = 'repoURL: https://git.example/shop.git';
  const chart = '{ repoURL: https://charts.example, chart: nginx }';
  const spec = `sources: [${chart}, { ${git}, path: a }, { ${git}, path: b }, { ${git}, ref: r }]`;
  expect(valueOf(annotated(generate('.;../c'), spec)).generatePaths).toEqual(['a', 'b', 'c']);
});

test('of a chart of a chart repository a path is one from the root', () => {
  const chart = 'source: { repoURL: https://charts.example, chart: nginx }';
  expect(valueOf(annotated(generate('x'), chart)).generatePaths).toEqual(['x']);
});

test.each([
  ['"90s"', 90_000],
  ['"600"', 600_000],
  ['1h30m', 5_400_000],
  ['"0"', undefined],
])('a sync may take %s', (written, expected) => {
  expect(valueOf(annotated(`belay.dev/sync-timeout: ${written}`)).syncTimeoutMs).toBe(expected);
});

test.each([
  'argocd.argoproj.io/refresh: hard',
  'argocd.argoproj.io/compare-options: ServerSideDiff=true',
  'argocd.argoproj.io/sync-wave: "-5"',
  'argocd.argoproj.io/skip-reconcile: "false"',
  'argocd.argoproj.io/tracking-id: "root:argoproj.io/Application:argocd/shop"',
  'notifications.argoproj.io/subscribe.on-deployed.slack: deploys',
  'link.argocd.argoproj.io/external-link: https://shop.example',
  'pref.argocd.argoproj.io/default-view: tree',
  'argocd-image-updater.argoproj.io/image-list: web=registry.example/web',
  'example.com/team: front',
])('accepts %s without effect', (annotation) => {
  const plain = valueOf(applicationWith(one));
  expect(valueOf(annotated(annotation))).toEqual(plain);
});

test('paths of sources that cannot be read are not judged', () => {
  const told = flaws(annotated(generate('../x'), 'source: { path: deploy }'));
  expect(told).toEqual([expect.stringContaining('spec.source.repoURL: is missing')]);
});

const field = (name: string) => `metadata.annotations["${name}"]`;

test.each([
  [
    generate('../../../x'),
    `InvalidSpec ${field('argocd.argoproj.io/manifest-generate-paths')}: path ../../../x leaves the repository; write it relative to the application's path, or from the root with a slash in front`,
  ],
  [
    'argocd.argoproj.io/manifest-generate-path: .',
    `UnknownField ${field('argocd.argoproj.io/manifest-generate-path')}: unknown annotation of Argo CD; did you mean "argocd.argoproj.io/manifest-generate-paths"?`,
  ],
  [
    'argocd.argoproj.io/fly-to-the-moon: "true"',
    `UnknownField ${field('argocd.argoproj.io/fly-to-the-moon')}: unknown annotation of Argo CD; remove it`,
  ],
  [
    'argocd.argoproj.io/sync-wave: first',
    `InvalidSpec ${field('argocd.argoproj.io/sync-wave')}: "first" is no wave; write a whole number in quotes`,
  ],
  [
    'argocd.argoproj.io/sync-wave: 1',
    `InvalidSpec ${field('argocd.argoproj.io/sync-wave')}: must be a text, not the number 1; write it in quotes: "1"`,
  ],
  [
    'argocd.argoproj.io/skip-reconcile: "true"',
    `Unsupported ${field('argocd.argoproj.io/skip-reconcile')}: an application that is not reconciled is not supported yet; remove the annotation, and syncPolicy.automated with it: nothing is synced until somebody asks`,
  ],
  [
    'belay.dev/sync-timeout: soon',
    `InvalidSpec ${field('belay.dev/sync-timeout')}: soon is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m`,
  ],
  [
    'belay.dev/sync-timeout: 90',
    `InvalidSpec ${field('belay.dev/sync-timeout')}: must be a text, not the number 90; write it in quotes: "90"`,
  ],
  [
    'belay.dev/sync-timout: 90s',
    `UnknownField ${field('belay.dev/sync-timout')}: unknown annotation; did you mean "belay.dev/sync-timeout"?`,
  ],
])('refuses %s', (annotation, told) => {
  expect(flaws(annotated(annotation))).toEqual([told]);
});

const cascading = 'resources-finalizer.argocd.argoproj.io';

test.each([
  ['[]', undefined],
  [`[${cascading}]`, true],
  [`[${cascading}/foreground]`, true],
  [`[example.com/mine, ${cascading}/background]`, true],
  ['[post-delete-finalizer.argocd.argoproj.io, post-delete-finalizer.argocd.argoproj.io/cleanup]', undefined],
])('deletes what it has delivered with the finalizers %s: %s', (finalizers, cascade) => {
  expect(valueOf(applicationWith(one, `finalizers: ${finalizers}`)).cascade).toBe(cascade);
});

const known = `${cascading}, ${cascading}/foreground, ${cascading}/background`;

test.each([
  [
    '[resource-finalizer.argocd.argoproj.io]',
    `UnknownField metadata.finalizers[0]: unknown finalizer of Argo CD; did you mean "${cascading}"?`,
  ],
  [
    `[a.b/c, ${cascading}/orphan]`,
    `UnknownField metadata.finalizers[1]: unknown finalizer of Argo CD; known here: ${known}`,
  ],
  [cascading, 'InvalidSpec metadata.finalizers: must be a list, not a text; write its items below it'],
  ['[1]', 'InvalidSpec metadata.finalizers[0]: must be a text, not the number 1; write it in quotes: "1"'],
])('refuses the finalizers %s', (finalizers, told) => {
  expect(flaws(applicationWith(one, `finalizers: ${finalizers}`))).toEqual([told]);
});
