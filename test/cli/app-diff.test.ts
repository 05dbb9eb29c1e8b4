import type { ApplicationDiff } from '../../src/domain/diff/application-diff';
import { ClientError } from '../../src/client/client-error';
import { good } from '../client/fixtures/statuses';
import { failing, runCli } from './run-cli';

const nothing: ApplicationDiff = { revision: good, objects: [], problems: [], rolling: [] };
const some: ApplicationDiff = {
  ...nothing,
  objects: [
    { object: 'ConfigMap shop/old', change: 'extra', fields: [] },
    { object: 'ConfigMap shop/new', change: 'missing', fields: [] },
    {
      object: 'ConfigMap shop/nginx',
      change: 'changed',
      fields: [
        { field: 'data["nginx.conf"]', path: ['data', 'nginx.conf'], line: 12, live: 'a;\nb;', git: 'c;' },
      ],
    },
    {
      object: 'Deployment shop/web',
      change: 'changed',
      fields: [
        { field: 'spec.replicas', path: ['spec', 'replicas'], live: 6, git: 4 },
        {
          field: 'spec.template.spec.containers[web].resources',
          path: ['spec', 'template', 'spec', 'containers', 0, 'resources'],
          git: { limits: { cpu: '1', memory: '64Mi' } },
        },
        { field: 'metadata.labels.evil', path: ['metadata', 'labels', 'evil'], live: 'a\u001b[2Jb' },
      ],
      moreFields: 3,
    },
    {
      object: 'Secret shop/token',
      change: 'changed',
      fields: [
        { field: 'data.token', path: ['data', 'token'], live: '<6 bytes>', git: '<8 bytes, changed>' },
      ],
    },
    { object: 'Service shop/web', change: 'changed', fields: [] },
  ],
  moreObjects: 2,
  rolling: ['api'],
};
const answering = (diff: ApplicationDiff) => ({ diffApplication: async () => diff });

test('shows what differs, object by object and field by field', async () => {
  const { code, out } = await runCli('app diff web', answering(some));
  expect(code).toBe(0);
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   - ConfigMap shop/old (not in this revision: pruned if the application prunes)

   + ConfigMap shop/new (not in the cluster)

   ~ ConfigMap shop/nginx
     data["nginx.conf"] (from line 12)
       - a;
       - b;
       + c;

   ~ Deployment shop/web
     spec.replicas
       - 6
       + 4
     spec.template.spec.containers[web].resources
       + limits:
       +   cpu: "1"
       +   memory: 64Mi
     metadata.labels.evil
       - "a\\e[2Jb"
     and 3 more fields

   ~ Secret shop/token
     data.token
       - <6 bytes>
       + <8 bytes, changed>

   ~ Service shop/web
     no field; Belay takes over its fields, or makes it anew

   and 2 more objects

   api is in a rollout and was not compared
   web: 8 objects differ from 3f2c1aa
   "
  `);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('the colours say the same', async () => {
  const write: string[] = [];
  const stdout = { write: (text: string) => write.push(text), isTTY: true };
  await runCli('app diff web', answering(some), { stdout });
  const coloured = write.join('');
  expect(coloured).toContain('\u001b[31m    - 6\u001b[39m\n\u001b[32m    + 4\u001b[39m');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe((await runCli('app diff web', answering(some))).out);
  write.length = 0;
  await runCli('app diff web --no-color', answering(some), { stdout });
  expect(write.join('')).not.toContain('\u001b');
});

test('says so when nothing differs', async () => {
  const ran = await runCli('app diff web --exit-code', answering(nothing));
  expect(ran).toEqual({ code: 0, out: 'web: does not differ from 3f2c1aa\n', err: '' });
});

test('asks for the revision that is named', async () => {
  const asked: unknown[] = [];
  const diffApplication = async (...args: unknown[]) => {
    asked.push(args);
    return nothing;
  };
  await runCli('app diff web', { diffApplication });
  await runCli('app diff web --revision main -o name', { diffApplication });
  expect(asked).toEqual([
    ['web', undefined],
    ['web', 'main'],
  ]);
});

test.each<[string, ApplicationDiff, number]>([
  ['app diff web --exit-code -o name', some, 1],
  ['app diff web -o name', some, 0],
  ['app diff web --exit-code -o name', { ...nothing, moreObjects: 1 }, 1],
  ['app diff web -o text', { ...nothing, problems: [{ code: 'Invalid', message: 'is refused' }] }, 1],
])('`belay %s` ends with what scripts expect', async (line, diff, code) => {
  expect(await runCli(line, answering(diff))).toMatchObject({ code, err: '' });
});

test('gives programs the same facts', async () => {
  const json = await runCli('app diff web -o json', answering(some));
  expect(JSON.parse(json.out)).toEqual(some);
  expect((await runCli('app diff web -o name', answering(some))).out.split('\n')[0]).toBe(
    'ConfigMap shop/old',
  );
  expect((await runCli('app diff web -o yaml', answering(some))).out).toContain('field: spec.replicas');
});

test('says what could not be compared', async () => {
  const problem = { code: 'Invalid', file: 'k8s/a.yaml', line: 3, message: 'is refused' } as const;
  const ran = await runCli('app diff web', answering({ ...nothing, problems: [problem] }));
  expect(ran).toEqual({
    code: 1,
    out: '✖ k8s/a.yaml:3: is refused\nweb: could not be compared with 3f2c1aa\n',
    err: '',
  });
  const error = new ClientError('NoWorker', 'no worker answered');
  expect(await runCli('app diff web', { diffApplication: failing(error) })).toMatchObject({
    code: 1,
    out: '',
  });
});
