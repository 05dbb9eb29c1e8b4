import { readdir } from 'node:fs/promises';
import { createRenderBench, type RenderBench } from './bench';

const chart = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const map = (body: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: ${body}\n`;
const templates = {
  recursion: '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
  loop: map('"{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}"'),
  output: map('{{ repeat 3000000 "x" }}'),
  memory: map('{{ until 1000000000 | len }}'),
  fine: map('fine'),
};

let bench: RenderBench;
beforeAll(async () => {
  bench = await createRenderBench();
  const files = Object.entries(templates).flatMap(([name, template]) => [
    [`${name}/Chart.yaml`, chart],
    [`${name}/templates/a.yaml`, template],
  ]);
  await bench.commit(Object.fromEntries(files) as Record<string, string>);
});
afterAll(() => bench.remove());

test('a template that calls itself for ever is a problem of that template', async () => {
  const { problems } = await bench.render({ path: 'recursion' });
  expect(problems).toEqual([
    expect.objectContaining({
      file: 'recursion/templates/a.yaml',
      message: expect.stringContaining('nested reference'),
    }),
  ]);
});

test.each([
  ['loop', { wallMs: 1500 }, 'helm took longer than 1.5 s and was stopped'],
  ['output', { outputBytes: 1 << 20 }, 'helm gave more than 1 MiB of manifests and was stopped'],
  ['memory', { memoryBytes: 200 << 20 }, 'helm used more than 200 MiB of memory and was stopped'],
])('a chart that exceeds the limit of %s is stopped, and others go on', async (path, limits, message) => {
  const limited = bench.another({ limits });
  const [stopped, fine] = await Promise.all([limited.render({ path }), bench.render({ path: 'fine' })]);
  expect(stopped.problems).toEqual([expect.objectContaining({ message })]);
  expect(fine.problems).toEqual([]);
});

test('leaves nothing behind of a run, whatever became of it', async () => {
  expect((await readdir(bench.dir)).filter((name) => name.startsWith('run-'))).toEqual([]);
});
