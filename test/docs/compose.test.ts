import Ajv from 'ajv';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCompose, readEnvFile, readProjectFile, readStages, type Service } from '../support/compose-file';
import schema from '../support/compose-schema.json';

const compose = readCompose();
const services = Object.entries(compose.services);
const belay = compose.services['belay'] as Service;

/** Services that others wait for to end: they make something and are done. */
const passing = new Set(
  services.flatMap(([, { depends_on = {} }]) =>
    Object.entries(depends_on)
      .filter(([, { condition }]) => condition === 'service_completed_successfully')
      .map(([name]) => name),
  ),
);
const lasting = services.filter(([name]) => !passing.has(name));

describe('docker-compose.yml', () => {
  test('says nothing that its schema does not know', () => {
    const validate = new Ajv({ allErrors: true, strictTuples: false }).compile(schema);
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('brings PostgreSQL, Temporal, its UI and Belay', () => {
    expect(lasting.map(([name]) => name)).toEqual(['postgresql', 'temporal', 'temporal-ui', 'belay']);
  });

  test.each(services)('%s has a pinned image', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)*$/);
  });

  test('its schema tool is of the same version as the server', () => {
    const versions = ['temporal', 'temporal-schema', 'temporal-namespace'].map(
      (name) => compose.services[name]?.image.split(':')[1],
    );
    expect(new Set(versions).size).toBe(1);
  });

  test.each(lasting)('%s, which lasts, is checked for health and started again', (_name, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.restart).toBe('unless-stopped');
  });

  test.each([...passing])('%s, which ends by itself, is started again only when it failed', (name) => {
    const { restart, healthcheck } = compose.services[name] as Service;
    expect(restart).toMatch(/^on-failure:\d+$/);
    expect(healthcheck).toBeUndefined();
  });

  test('starts each service only when what it needs is there', () => {
    const needs = Object.fromEntries(
      services.map(([name, { depends_on = {} }]) => [
        name,
        Object.entries(depends_on).map(([needed, { condition }]) => `${needed} ${condition}`),
      ]),
    );
    expect(needs).toEqual({
      postgresql: [],
      'temporal-schema': ['postgresql service_healthy'],
      temporal: ['temporal-schema service_completed_successfully'],
      'temporal-namespace': ['temporal service_healthy'],
      'temporal-ui': ['temporal service_healthy'],
      belay: ['temporal-namespace service_completed_successfully'],
    });
  });

  test('declares every named volume that is used, and uses every one', () => {
    const used = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? '').filter((source) => /^[a-z]+$/.test(source)),
    );
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test('mounts every file of the host read-only', () => {
    const files = services
      .flatMap(([, { volumes = [] }]) => volumes)
      .filter((volume) => /^[.$/]/.test(volume));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/:ro$/);
  });

  test('mounts files that exist, but for the kubeconfig, which a user brings', () => {
    const mounted = services
      .flatMap(([, { volumes = [] }]) => volumes)
      .map((volume) => volume.replace(/^\$\{[A-Z_]+:-([^}]+)\}/, '$1').split(':')[0] ?? '')
      .filter((source) => source.startsWith('./'));
    const missing = mounted.filter((path) => !existsSync(join(__dirname, '..', '..', path)));
    expect(missing.filter((path) => !path.endsWith('/kubeconfig'))).toEqual([]);
  });

  test('publishes ports on this machine only', () => {
    for (const port of services.flatMap(([, { ports = [] }]) => ports))
      expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('holds no secret', () => {
    const values = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
    // What ends in _FILE is a path: the next test looks at those.
    const secrets = values.filter(
      ([name]) => /PASS|PWD|TOKEN|SECRET|KEY/.test(name) && !name.endsWith('_FILE'),
    );
    for (const [, value] of secrets) expect(value).toMatch(/^\$\{[A-Z_]+:-\}$/);
  });

  test('names files of secrets where they are mounted', () => {
    const { environment = {}, volumes = [] } = belay;
    const paths = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));
    expect(paths.map(([name]) => name)).toEqual(['BELAY_PAYLOAD_KEYS_FILE']);
    for (const [, path] of paths)
      expect(volumes).toContainEqual(expect.stringMatching(new RegExp(`:${path}:ro$`)));
  });

  test('takes the database password from a file whose three names for it agree', () => {
    const { POSTGRES_PASSWORD, POSTGRES_PWD, SQL_PASSWORD } = readEnvFile(
      'deploy',
      'compose',
      'database.env',
    );
    expect(POSTGRES_PASSWORD).toMatch(/^\S+$/);
    expect([POSTGRES_PWD, SQL_PASSWORD]).toEqual([POSTGRES_PASSWORD, POSTGRES_PASSWORD]);
  });
});

describe('the worker of docker-compose.yml', () => {
  test('writes to no cluster that was not named', () => {
    const context = belay.command?.find((argument) => argument.startsWith('--context='));
    expect(context).toMatch(/^--context=\$\{BELAY_CONTEXT:\?.+\}$/);
  });

  test('does not start without keys for what Temporal keeps', () => {
    const mounted = belay.volumes?.find((volume) => volume.endsWith(':/etc/belay/payload-keys:ro'));
    expect(mounted).toMatch(/^\$\{BELAY_PAYLOAD_KEYS:\?name the file .*openssl rand -base64 32/);
  });

  test('reads the kubeconfig and the credentials where they are mounted', () => {
    const targets = belay.volumes?.map((volume) => volume.replace(/:ro$/, '').split(':').at(-1));
    for (const option of ['--kubeconfig', '--git-credentials', '--data-dir']) {
      const path = belay.command?.find((argument) => argument.startsWith(`${option}=`))?.split('=')[1];
      expect(targets).toContain(path);
    }
  });

  test('is healthy when all its task queues are polled', () => {
    expect(belay.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:8080/readyz');
    expect(belay.command).toContain('--health-port=8080');
  });

  test('is built by a stage of the Dockerfile', () => {
    const names = readStages().map(([from]) => from?.text.split(/ as /i)[1]);
    expect(names).toContain(belay.build?.target);
  });
});

describe('the Dockerfile', () => {
  const stages = readStages();
  const [build, ...later] = stages;
  const runtime = later.at(-1) ?? [];
  const linesOf = (name: string): readonly string[] =>
    runtime.filter((each) => each.name === name).map(({ text }) => text);

  test('has one pinned Node 24 image with glibc, and one Go image for the programs it brings', () => {
    expect(stages.length).toBeGreaterThan(1);
    const images = new Set(stages.map(([from]) => from?.text.split(' ')[0]));
    expect([...images].sort()).toEqual([
      expect.stringMatching(/^golang:1\.26(\.\d+)?-bookworm$/),
      expect.stringMatching(/^node:24\.\d+\.\d+-bookworm-slim$/),
    ]);
  });

  test('brings kustomize and helm to where the worker looks for them', () => {
    const made = stages.flat().filter(({ name, text }) => name === 'RUN' && text.startsWith('go build'));
    for (const program of ['kustomize', 'helm'])
      expect(made.map(({ text }) => text).join('\n')).toContain(`-o /out/${program} `);
    expect(linesOf('COPY')).toContain('--from=render --chmod=755 /out/ ./bin/');
  });

  test('bundles the workflows when it is built', () => {
    const runs = build?.filter(({ name }) => name === 'RUN').map(({ text }) => text) ?? [];
    expect(runs).toContain('npm run build && test -s dist/workflow-bundle.js');
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: { build: string } };
    expect(scripts.build).toContain('dist/tools/bundle.js');
    expect(linesOf('COPY')).toContain('--from=build /opt/belay/dist ./dist');
  });

  test('takes packages from the lock file, and for the runtime only those of production', () => {
    const installs = stages.flat().filter(({ text }) => /\bnpm (ci|install|i)\b/.test(text));
    expect(installs.map(({ text }) => text)).toEqual([
      'npm ci --ignore-scripts',
      'npm ci --omit=dev --ignore-scripts',
    ]);
    expect(linesOf('COPY')).toContain('--from=packages /opt/belay/node_modules ./node_modules');
  });

  test('brings the programs that Git access needs', () => {
    const [install] = linesOf('RUN');
    expect(install).toMatch(/ ca-certificates git openssh-client gpg gpg-agent /);
  });

  test('runs as a user other than root', () => {
    expect(linesOf('USER')).toEqual(['1000:1000']);
  });

  test('starts in exec form, so that signals reach Belay', () => {
    for (const name of ['ENTRYPOINT', 'CMD'])
      expect(JSON.parse(linesOf(name)[0] ?? '')).toBeInstanceOf(Array);
  });

  test('is asked for its health where the worker answers', () => {
    expect(linesOf('HEALTHCHECK')[0]).toContain('http://127.0.0.1:8080/healthz');
    expect(linesOf('CMD')[0]).toContain('"--health-port", "8080"');
  });

  test('copies nothing that .dockerignore leaves out', () => {
    const kept = readProjectFile('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = stages
      .flat()
      .filter(({ name, text }) => name === 'COPY' && !text.includes('--from='))
      .flatMap(({ text }) =>
        text
          .split(' ')
          .filter((word) => !word.startsWith('--'))
          .slice(0, -1),
      );
    expect(
      [...new Set(copied)].filter((path) => !kept.some((each) => `${path}/`.startsWith(`${each}/`))),
    ).toEqual([]);
  });
});
