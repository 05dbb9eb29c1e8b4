import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolloutText } from '../domain/read-yaml';
import { runCli } from './run-cli';

const readText = (path: string) => readFile(path, 'utf8');
const lint = (line: string, stdin = '') =>
  runCli(`lint ${line}`, {}, { readText: async (path) => (path === '-' ? stdin : readText(path)) });

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'belay-lint-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const probed = rolloutText.replace(
  'image: registry.example/web:2\n',
  'image: registry.example/web:2\n          readinessProbe: { tcpSocket: { port: 80 } }\n',
);

test('the examples have nothing to mend', async () => {
  const { code, out } = await lint('--strict -o json examples');
  const { findings, files } = JSON.parse(out) as { findings: { severity: string }[]; files: number };
  expect({ code, files, worst: findings.filter(({ severity }) => severity !== 'note') }).toEqual({
    code: 0,
    files: expect.any(Number),
    worst: [],
  });
  expect(files).toBeGreaterThanOrEqual(8);
});

test('says file, line, object, field and remedy of everything, and fails for errors', async () => {
  await write('k8s/web.yaml', probed.replace('setWeight: 20', 'setWieght: 20').replace('web:2', 'web'));
  const { code, out, err } = await lint(`${root}/k8s`);
  expect([code, err]).toEqual([1, '']);
  expect(out.replaceAll(root, '')).toBe(
    `/k8s/web.yaml:18: warning: Rollout web: spec.template.spec.containers[0].image: Git does not say which version "registry.example/web" is, so a new one is no change and an old one no way back; write a tag of one version, or a digest
/k8s/web.yaml:27: error: Rollout web: spec.strategy.canary.steps[0].setWieght: unknown field; did you mean "setWeight"?
1 error, 1 warning in 1 file
`,
  );
});

test('fails for warnings only when asked', async () => {
  await write('web.yaml', rolloutText);
  expect(await lint(root)).toMatchObject({ code: 0, out: expect.stringContaining('1 warning in 1 file') });
  expect(await lint(`--strict ${root}`)).toMatchObject({ code: 1 });
});

test('gives data to scripts', async () => {
  await write('web.yaml', probed.replace('replicas: 5', 'replicas: -5'));
  const { code, out } = await lint(`-o json ${root}`);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    files: 1,
    findings: [
      {
        severity: 'error',
        code: 'InvalidSpec',
        file: join(root, 'web.yaml'),
        line: 7,
        object: 'Rollout web',
        field: 'spec.replicas',
        value: '-5',
        message: '-5 is below 0',
        remedy: 'use 0 or more',
      },
    ],
  });
});

test('the files of one directory are one revision, those of another one are not', async () => {
  const [rollout = '', ...services] = probed.split('---\n');
  await write('one/rollout.yaml', rollout);
  await write('one/services.yaml', services.join('---\n'));
  await write('two/web.yml', probed);
  expect(await lint(root)).toMatchObject({ code: 0, out: 'nothing to mend in 3 files\n' });
  await write('one/services.yaml', '');
  expect(await lint(root)).toMatchObject({
    code: 1,
    out: expect.stringContaining('web-stable is not in this revision'),
  });
});

test('what a repository holds besides manifests is left alone', async () => {
  await write('package.json', '{}');
  await write('.github/workflows/test.yaml', 'on: push\n');
  await write('node_modules/x/web.yaml', 'kind: Rollout\n');
  await write('k8s/web.yaml', probed);
  await write('k8s/readme.txt', 'kind: Rollout\n');
  expect(await lint(root)).toMatchObject({ code: 0, out: 'nothing to mend in 2 files\n' });
});

test('reads the standard input', async () => {
  expect(await lint('-', probed)).toMatchObject({ code: 0, out: 'nothing to mend in 1 file\n' });
  const wrong = await lint('-', 'kind: Rollout\napiVersion: argoproj.io/v1alpha1\n');
  expect(wrong.out).toContain('stdin:1: error: Rollout: metadata.name: is missing; give the object a name\n');
});

test('broken YAML is an error with a line', async () => {
  await write('a/web.yaml', `${probed}  x: [\n`);
  const { code, out } = await lint(root);
  expect(code).toBe(1);
  expect(out).toMatch(/a\/web\.yaml:\d+: error: /);
});

test('a directory that Kustomize or Helm renders is named and left out', async () => {
  await write('overlay/kustomization.yaml', 'resources: [../base]\n');
  await write('overlay/patch.yaml', 'spec: {}\n');
  await write('chart/Chart.yaml', 'name: web\n');
  await write('chart/templates/web.yaml', 'apiVersion: {{ .Values.version }}\n');
  const { code, out } = await lint(`--strict ${root}`);
  expect(code).toBe(0);
  expect(out.replaceAll(`${root}/`, '')).toBe(
    `chart/Chart.yaml:1: note: Helm makes the manifests of this directory, and lint does not look into it; check what comes of it: helm template chart | belay lint -
overlay/kustomization.yaml:1: note: Kustomize makes the manifests of this directory, and lint does not look into it; check what comes of it: kustomize build overlay | belay lint -
2 notes in 4 files
`,
  );
});

test('paths are asked for, and have to be there', async () => {
  expect(await lint('')).toMatchObject({ code: 2 });
  expect(await lint(join(root, 'nowhere'))).toMatchObject({
    code: 2,
    err: `error: ${join(root, 'nowhere')} is not there\n  try: give files or directories\n`,
  });
});

test('severities have colours on a terminal', async () => {
  await write('web.yaml', rolloutText);
  const written: string[] = [];
  const stdout = { isTTY: true, write: (text: string) => written.push(text) };
  await runCli(['lint', root], {}, { readText, stdout });
  expect(written.join('')).toContain('\u001b[33mwarning:\u001b[39m');
});
