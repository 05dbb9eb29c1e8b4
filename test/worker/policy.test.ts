import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProblem } from '../../src/domain/problem';
import type { Policy } from '../../src/ports/policy';
import { openPolicy } from '../../src/worker/policy';

let dir: string;
let log: string[];
let now: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belay-policy-'));
  log = [];
  now = 0;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const project = (name: string, spec = 'sourceRepos: ["*"]'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: ${name} }\nspec: { ${spec} }\n`;
const write = (file: string, text: string): void => writeFileSync(join(dir, file), text);
const open = (): Policy =>
  openPolicy(
    dir,
    (line) => log.push(line),
    () => now,
  );
const told = (policy: Policy, name: string): readonly string[] => {
  const read = policy.project(name);
  return read.ok ? [] : read.problems.map(describeProblem);
};

test('every AppProject of the directory is a project', () => {
  write('a.yaml', `${project('one')}---\n${project('two')}`);
  write(
    'b.json',
    JSON.stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'three' },
      spec: {},
    }),
  );
  write('README.md', 'not a manifest');
  const policy = open();
  expect(['one', 'two', 'three'].flatMap((name) => told(policy, name))).toEqual([]);
  expect(told(policy, 'default')).toEqual([
    "spec.project: the worker's policy has no project default; it has one, two, three; use one of these, or add an AppProject to the policy",
  ]);
});

test('what has no effect is said once', () => {
  write('a.yaml', project('one', 'roles: [{ name: admin }]'));
  open();
  expect(log).toEqual([expect.stringMatching('project one: spec.roles has no effect')]);
});

test('a change is noticed without a restart', () => {
  write('a.yaml', project('one'));
  const policy = open();
  write('b.yaml', project('two'));
  now = 3_000;
  expect(told(policy, 'two')).toEqual([]);
  rmSync(join(dir, 'a.yaml'));
  now = 6_000;
  expect(told(policy, 'one')).toHaveLength(1);
});

test('a change that cannot be read leaves the policy as it was, and is said once', () => {
  write('a.yaml', project('one'));
  const policy = open();
  write('a.yaml', project('one', 'sourceRepo: ["*"]'));
  for (now = 3_000; now < 12_000; now += 3_000) expect(told(policy, 'one')).toEqual([]);
  expect(log).toEqual([
    expect.stringMatching(/^the policy stays as it was: .*\n.*a\.yaml:4: .*sourceRepo: unknown field/),
  ]);
});

test.each([
  ['is not there', undefined, /no such file or directory/],
  [
    'has another object',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    /a\.yaml:1: .*is not an AppProject/,
  ],
  ['has no YAML', 'a: [', /a\.yaml/],
  ['has a project twice', `${project('one')}---\n${project('one')}`, /is already in a\.yaml:1/],
  [
    'has a schedule that is none',
    project('one', 'syncWindows: [{ kind: deny, schedule: "every day", duration: 1h, applications: ["*"] }]'),
    /spec\.syncWindows\[0\]: "every day" is not a schedule/,
  ],
])('a directory that %s is refused at the start', (_name, text, expected) => {
  if (text === undefined) rmSync(dir, { recursive: true });
  else write('a.yaml', text);
  expect(open).toThrow(expected);
});
