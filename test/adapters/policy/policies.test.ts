import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPolicies as create, type PoliciesOptions } from '../../../src/adapters/policy';
import type { KubeObject } from '../../../src/domain/kube-object';
import type { PolicyAnswer, PolicyFile, PolicyQuestion } from '../../../src/ports/policies';
import { ensureRego } from '../../../tools/local/policy-tools';

let rego: string;
let dir: string;
beforeAll(async () => {
  rego = await ensureRego();
}, 600_000);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belay-policies-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The repository holds what the question that was made last brings. */
let files: readonly PolicyFile[] = [];
const trees: PoliciesOptions['trees'] = {
  list: async (_at, [path = '']) =>
    [
      { path, mode: '040000', id: 'root' },
      ...files.map((each) => ({
        path: each.path,
        mode: each.path.endsWith('link.rego') ? '120000' : '100644',
        id: each.path,
      })),
    ].filter((each) => each.path.startsWith('policies')),
  read: async () => new Map(files.map((each) => [each.path, Buffer.from(each.content)])),
};

function createPolicies(options: Omit<PoliciesOptions, 'trees'>) {
  return create({ ...options, trees });
}

const never = new AbortController().signal;
const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: {} };
const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { team: 'shop' } },
  spec: { replicas: 5, template: { spec: { containers: [{ name: 'web', image: 'web:latest' }] } } },
};
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'token' },
  data: { token: 's3ntinel' },
  stringData: { other: 's3ntinel' },
};
const application = {
  name: 'shop',
  project: 'default',
  namespace: 'shop',
  repoUrl: 'https://git.example/shop',
  path: 'web',
};

function question(
  brought: readonly PolicyFile[],
  objects: readonly KubeObject[] = [pod, web],
): PolicyQuestion {
  files = brought;
  const revision = 'a'.repeat(40);
  const folder = { repoUrl: application.repoUrl, revision, path: 'policies' };
  return { application, revision, objects, ...(brought.length === 0 ? {} : { folder }) };
}

function own(path: string, ...lines: readonly string[]): PolicyFile {
  return { path: `policies/${path}`, content: `${lines.join('\n')}\n` };
}

function write(path: string, content: string): void {
  const file = join(dir, 'policies', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function check(
  files: readonly PolicyFile[],
  options: Omit<PoliciesOptions, 'trees'> = {},
  objects?: readonly KubeObject[],
): Promise<PolicyAnswer> {
  return createPolicies({ rego, ...options }).check(question(files, objects), never);
}

describe('rules in Rego', () => {
  it.each<[string, readonly string[], object]>([
    [
      'a text',
      ['package belay', '', 'deny contains "no pods" if input.object.kind == "Pod"'],
      { rule: 'deny', file: 'policies/a.rego', line: 3, severity: 'deny', object: 0, message: 'no pods' },
    ],
    [
      'a message with a field',
      [
        'package any.name',
        'violation contains {"msg": m, "field": "spec.replicas"} if {',
        '  input.object.spec.replicas > 3',
        '  m := sprintf("%d replicas", [input.object.spec.replicas])',
        '}',
      ],
      { rule: 'violation', line: 2, object: 1, message: '5 replicas', field: 'spec.replicas' },
    ],
    [
      'what was written before Rego 1.0',
      ['package k8s', 'deny[msg] {', '  not input.object.metadata.labels.team', '  msg := "no team"', '}'],
      { line: 2, object: 0, message: 'no team' },
    ],
    [
      'a warning',
      ['package belay', 'warn_latest contains "w" if input.object.kind == "Pod"'],
      { rule: 'warn_latest', severity: 'warn' },
    ],
    [
      'the application',
      ['package belay', 'deny contains input.application.name if input.object.kind == "Pod"'],
      { message: 'shop' },
    ],
    [
      'the whole revision, once',
      ['package belay.revision', 'deny contains sprintf("%d objects", [count(input.objects)])'],
      { message: '2 objects' },
    ],
  ])('find %s', async (_what, lines, finding) => {
    const { findings, flaws } = await check([own('a.rego', ...lines)]);
    expect(flaws).toEqual([]);
    expect(findings).toEqual([expect.objectContaining({ ...finding, isWorkers: false })]);
  });

  it('tell which of the rules of one name it was', async () => {
    const lines = [
      'package belay',
      'deny contains "a" if input.object.kind == "Pod"',
      'deny contains "b" if input.object.kind == "Deployment"',
    ];
    const { findings } = await check([own('a.rego', ...lines)]);
    expect(findings.map(({ line, message }) => [line, message])).toEqual([
      [2, 'a'],
      [3, 'b'],
    ]);
  });

  it('may use each other across files, and leave tests and documentation aside', async () => {
    const files = [
      own('lib.rego', 'package lib', 'forbidden := {"Pod"}'),
      own(
        'a.rego',
        'package belay',
        'import data.lib',
        'deny contains "no" if input.object.kind in lib.forbidden',
      ),
      own('a_test.rego', 'package belay_test', 'this is no rego'),
      own('README.md', 'not a policy'),
    ];
    expect(await check(files)).toMatchObject({ findings: [{ object: 0 }], flaws: [] });
  });

  it.each<[string, readonly string[], object]>([
    [
      'is no Rego',
      ['package belay', 'deny contains "x" if {}}', 'x := 1'],
      { file: 'policies/a.rego', line: 2, message: /rego_parse_error/ },
    ],
    [
      'does not compile',
      ['package belay', 'deny contains x if y == 1'],
      { line: 2, message: /rego_unsafe_var_error/ },
    ],
    [
      'wants the network',
      ['package belay', 'deny contains "x" if http.send({"method": "get", "url": "http://127.0.0.1"})'],
      { message: /undefined function http.send/ },
    ],
    [
      'wants the clock',
      ['package belay', 'deny contains "x" if time.now_ns() > 0'],
      { message: /undefined function time.now_ns/ },
    ],
    [
      'wants the environment',
      ['package belay', 'deny contains opa.runtime().env.HOME'],
      { message: /undefined function opa.runtime/ },
    ],
    [
      'fails',
      ['package belay', 'deny contains "x" if to_number(input.object.kind) > 1'],
      { line: 2, object: 0, message: /to_number/ },
    ],
    ['gives a number', ['package belay', 'deny contains 7'], { line: 2, message: /gives 7/ }],
  ])('one that %s is a flaw', async (_what, lines, { message, ...rest }: { message?: RegExp }) => {
    const { findings, flaws } = await check([own('a.rego', ...lines)]);
    expect(findings).toEqual([]);
    expect(flaws).toEqual([
      expect.objectContaining({ ...rest, isWorkers: false, message: expect.stringMatching(message ?? /^$/) }),
    ]);
  });

  it('one that does not end is named', async () => {
    const endless = own(
      'a.rego',
      'package belay',
      'deny contains "x" if {',
      '  some i in numbers.range(1, 100000)',
      '  some j in numbers.range(1, 100000)',
      '  i * j < 0',
      '}',
    );
    const { flaws } = await check([endless], { limits: { withinMs: 1_000, memoryMb: 512 } });
    expect(flaws).toEqual([
      expect.objectContaining({ file: 'policies/a.rego', message: 'deny had not ended in time' }),
    ]);
  });

  it('one that takes too much memory is named', async () => {
    const hungry = own(
      'a.rego',
      'package belay',
      'deny contains "x" if count(numbers.range(1, 90000000)) < 0',
    );
    const { flaws } = await check([hungry], { limits: { withinMs: 30_000, memoryMb: 64 } });
    expect(flaws).toEqual([
      expect.objectContaining({
        file: 'policies/a.rego',
        line: 2,
        message: 'took more than 64 MiB of memory',
      }),
    ]);
  });

  it('cannot be asked without the program, and that is a flaw', async () => {
    const { flaws } = await check([own('a.rego', 'package belay')], { rego: join(dir, 'missing') });
    expect(flaws).toEqual([expect.objectContaining({ message: expect.stringContaining('does not run') })]);
  });
});

describe('rules in CEL', () => {
  const rules = (...each: readonly object[]): PolicyFile =>
    own('rules.yaml', JSON.stringify(each, undefined, 1));

  it.each<[string, object, object | undefined]>([
    [
      'holds for a number',
      { match: { kinds: ['Deployment'] }, expression: 'object.spec.replicas <= 5' },
      undefined,
    ],
    [
      'does not hold',
      { match: { kinds: ['Deployment'] }, expression: 'object.spec.replicas < 5', message: 'too many' },
      { object: 1, message: 'too many', severity: 'deny' },
    ],
    [
      'makes its message',
      {
        match: { kinds: ['apps/Deployment'] },
        expression: 'object.spec.replicas + 1 < 5',
        messageExpression: '"has " + string(object.spec.replicas)',
        message: 'x',
      },
      { message: 'has 5' },
    ],
    [
      'falls back to its message',
      {
        match: { kinds: ['Deployment'] },
        expression: 'false && object.x',
        messageExpression: 'string(object.none)',
        message: 'x',
      },
      { message: 'x' },
    ],
    [
      'shows the expression where there is no message',
      { expression: 'object.kind != "Pod"' },
      { message: 'does not hold: object.kind != "Pod"' },
    ],
    [
      'uses a macro',
      {
        match: { kinds: ['Deployment'] },
        expression: '!object.spec.template.spec.containers.exists(c, c.image.endsWith(":latest"))',
        severity: 'warn',
      },
      { severity: 'warn', object: 1 },
    ],
    [
      'asks whether a field is there',
      { expression: 'has(object.metadata.labels) && "team" in object.metadata.labels', message: 'no team' },
      { object: 0 },
    ],
    [
      'uses an optional field',
      { expression: 'object.metadata.?labels.?team.orValue("") != ""', message: 'no team' },
      { object: 0 },
    ],
    [
      'is about the revision',
      { expression: 'size(objects) > 2 || application.name != "shop"', message: 'few' },
      { message: 'few' },
    ],
  ])('one that %s', async (_what, rule, finding) => {
    const { findings, flaws } = await check([rules({ name: 'r', ...rule })]);
    expect(flaws).toEqual([]);
    expect(findings).toEqual(
      finding === undefined
        ? []
        : [expect.objectContaining({ rule: 'r', file: 'policies/rules.yaml', ...finding })],
    );
  });

  it('has the line it is written on', async () => {
    const yaml = '# rules\n- name: a\n  expression: "true"\n\n- name: b\n  expression: size(objects) > 9\n';
    const { findings } = await check([own('rules.yaml', yaml)]);
    expect(findings).toEqual([expect.objectContaining({ rule: 'b', line: 5 })]);
  });

  it('may be a list in a file that says what it is', async () => {
    const list = own('rules.cel', '# ours', '- name: none', '  expression: size(objects) > 9');
    const negative = own('odd.cel', '-1 < size(objects)');
    const { findings, flaws } = await check([list, negative]);
    expect(flaws).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'none', file: 'policies/rules.cel', line: 2 }),
    ]);
  });

  it('may be a file of one expression', async () => {
    const { findings } = await check([
      own('no-pods.cel', '// pods are not deployed bare', 'object.kind != "Pod"'),
    ]);
    expect(findings).toEqual([
      expect.objectContaining({
        rule: 'no-pods',
        file: 'policies/no-pods.cel',
        line: 2,
        message: 'pods are not deployed bare',
      }),
    ]);
  });

  it.each<[string, PolicyFile, RegExp]>([
    ['is no CEL', rules({ name: 'r', expression: 'object.(' }), /rule r cannot be compiled/],
    [
      'names something unknown',
      rules({ name: 'r', expression: 'objekt.kind == "Pod"' }),
      /cannot be compiled: .*objekt/i,
    ],
    [
      'gives no truth value',
      rules({ name: 'r', expression: '1 + 1' }),
      /cannot be compiled: gives int, not bool/,
    ],
    [
      'asks for what is not there',
      rules({ name: 'r', expression: 'object.status.phase == "x"' }),
      /rule r fails: .*status/,
    ],
    ['is no YAML', own('rules.yaml', '- a: ['), /is no YAML/],
    ['is no list', own('rules.yaml', 'apiVersion: v1'), /must be a list of rules/],
    [
      'has an unknown field',
      rules({ name: 'r', expression: 'true', mesage: 'x' }),
      /mesage.*did you mean "message"/,
    ],
  ])('one that %s is a flaw', async (_what, file, message) => {
    const { findings, flaws } = await check([file]);
    expect(findings).toEqual([]);
    expect(flaws).toEqual([
      expect.objectContaining({ file: file.path, message: expect.stringMatching(message) }),
    ]);
  });

  it('one that does not end is named, and those of others are asked', async () => {
    const list = '[' + Array.from({ length: 900 }, () => '1').join() + ']';
    const endless = `${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, a + b + c + d == 4))))`;
    const files = [
      rules({ name: 'fine', expression: 'size(objects) > 0' }, { name: 'endless', expression: endless }),
    ];
    const { flaws } = await check(files, { limits: { withinMs: 3_000, memoryMb: 256 } });
    expect(flaws).toEqual([
      expect.objectContaining({ file: 'policies/rules.yaml', message: 'rule endless had not ended in time' }),
    ]);
  });

  it('see nothing of the process', async () => {
    const { flaws } = await check([rules({ name: 'r', expression: 'process.env != null' })]);
    expect(flaws).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/cannot be compiled/) }),
    ]);
  });
});

describe('policies', () => {
  it("of the worker hold for every application, and the application's only add", async () => {
    write('team.rego', 'package belay\nexempt := false\ndeny contains "worker" if not exempt\n');
    const cunning = own('exempt.rego', 'package belay', 'exempt := true', 'deny contains "own" if exempt');
    const { findings } = await check([cunning], { dir: join(dir, 'policies') }, [pod]);
    expect(findings.map(({ message, isWorkers }) => [message, isWorkers])).toEqual([
      ['worker', true],
      ['own', false],
    ]);
  });

  it('are read anew when the folder changes, and one that breaks stops everything', async () => {
    write('a.cel', 'object.kind != "Pod"');
    const policies = createPolicies({ rego, dir: join(dir, 'policies') });
    expect((await policies.check(question([]), never)).findings).toHaveLength(1);
    write('a.cel', 'true');
    expect((await policies.check(question([]), never)).findings).toHaveLength(0);
    write('a.cel', 'object.(');
    expect((await policies.check(question([]), never)).flaws).toEqual([
      expect.objectContaining({ file: 'policies/a.cel', isWorkers: true }),
    ]);
    rmSync(join(dir, 'policies'), { recursive: true });
    expect((await policies.check(question([]), never)).flaws).toEqual([
      { isWorkers: true, message: expect.stringContaining('cannot be read') },
    ]);
  });

  it('whose folder is not there at the start are an error', () => {
    expect(() => createPolicies({ dir: join(dir, 'none') })).toThrow(/cannot be read/);
  });

  it('never see the value of a Secret', async () => {
    const files = [
      own('a.rego', 'package belay', 'deny contains json.marshal(input.object)'),
      own(
        'b.yaml',
        JSON.stringify([
          {
            name: 'r',
            expression: 'object.kind == ""',
            messageExpression: 'object.data.token + object.stringData.other',
          },
        ]),
      ),
    ];
    const { findings } = await check(files, {}, [secret]);
    expect(findings).toHaveLength(2);
    expect(JSON.stringify(findings)).toContain('(hidden)');
    expect(JSON.stringify(findings)).not.toContain('s3ntinel');
  });

  it('are not asked again about what they have seen', async () => {
    const counting = join(dir, 'counting');
    writeFileSync(counting, `#!/bin/sh\necho x >> ${dir}/calls\nexec ${rego}\n`);
    chmodSync(counting, 0o755);
    const { readFileSync } = jest.requireActual<typeof import('node:fs')>('node:fs');
    const calls = (): number => readFileSync(join(dir, 'calls'), 'utf8').split('x').length - 1;
    const policies = createPolicies({ rego: counting });
    const files = [own('a.rego', 'package belay', 'deny contains "no" if input.object.kind == "Pod"')];
    const first = await policies.check(question(files), never);
    expect(await policies.check({ ...question(files), revision: 'b'.repeat(40) }, never)).toEqual(first);
    expect(calls()).toBe(1);
    await policies.check(question(files, [pod]), never);
    expect(calls()).toBe(2);
    const seeing = [own('a.rego', 'package belay', 'deny contains input.revision')];
    await policies.check(question(seeing), never);
    await policies.check({ ...question(seeing), revision: 'b'.repeat(40) }, never);
    expect(calls()).toBe(4);
  });

  it('that are not there are a flaw, and so is a link', async () => {
    const policies = createPolicies({ rego });
    const asked = question([own('link.rego', '../../etc/passwd')]);
    expect((await policies.check(asked, never)).flaws).toEqual([
      { isWorkers: false, message: 'policies/link.rego is a link; replace it by the file' },
    ]);
    const elsewhere = { repoUrl: application.repoUrl, revision: 'a'.repeat(40), path: 'none' };
    expect((await policies.check({ ...asked, folder: elsewhere }, never)).flaws).toEqual([
      { isWorkers: false, message: 'there is no folder none at aaaaaaaaaaaa' },
    ]);
  });

  it('are called off with their caller', async () => {
    const endless = own(
      'a.rego',
      'package belay',
      'deny contains "x" if {',
      '  some i in numbers.range(1, 100000)',
      '  some j in numbers.range(1, 100000)',
      '  i * j < 0',
      '}',
    );
    const controller = new AbortController();
    const checking = createPolicies({ rego }).check(question([endless]), controller.signal);
    controller.abort(new Error('CANCELLED'));
    await expect(checking).rejects.toThrow('CANCELLED');
  });
});
