import {
  celMatches,
  isAboutRevision,
  readCelFile,
  readCelRules,
  type CelRule,
} from '../../../src/domain/checks/cel-rules';
import type { KubeObject } from '../../../src/domain/kube-object';
import { locate } from '../../../src/domain/located';
import type { Problem } from '../../../src/domain/problem';

const head: KubeObject = { apiVersion: 'belay.dev/v1', kind: 'Policies', metadata: { name: 'p.yaml' } };

function read(...list: unknown[]): { rules: readonly CelRule[]; problems: Problem[] } {
  const problems: Problem[] = [];
  return { rules: readCelRules(locate(head, 'p.yaml'), list, problems), problems };
}

it('reads a rule with everything that may be said', () => {
  const { rules, problems } = read({
    name: 'replicas',
    match: { kinds: ['Deployment'], namespaces: ['shop-*'] },
    expression: 'object.spec.replicas <= 5',
    message: 'too many',
    messageExpression: '"too many: " + string(object.spec.replicas)',
    severity: 'warn',
  });
  expect(problems).toEqual([]);
  expect(rules).toEqual([
    {
      name: 'replicas',
      file: 'p.yaml',
      line: 1,
      severity: 'warn',
      expression: 'object.spec.replicas <= 5',
      message: 'too many',
      messageExpression: '"too many: " + string(object.spec.replicas)',
      kinds: ['Deployment'],
      namespaces: ['shop-*'],
    },
  ]);
});

test.each<[string, unknown, Partial<Problem>]>([
  ['no name', { expression: 'true' }, { field: 'rules[0].name', message: 'is missing' }],
  ['an empty expression', { name: 'a', expression: ' ' }, { field: 'rules[0].expression' }],
  [
    'an unknown field',
    { name: 'a', expression: 'true', serverity: 'deny' },
    { code: 'UnknownField', remedy: 'did you mean "severity"?' },
  ],
  [
    'an unknown severity',
    { name: 'a', expression: 'true', severity: 'error' },
    { field: 'rules[0].severity' },
  ],
  [
    'a kind that is no text',
    { name: 'a', expression: 'true', match: { kinds: [1] } },
    { field: 'rules[0].match.kinds' },
  ],
  [
    'an unknown match',
    { name: 'a', expression: 'true', match: { kind: ['Pod'] } },
    { remedy: 'did you mean "kinds"?' },
  ],
  ['a text for a rule', 'object.x', { field: 'rules[0]' }],
])('refuses %s', (_what, rule, problem) => {
  expect(read(rule).problems).toEqual([expect.objectContaining(problem)]);
});

test.each<[string, Partial<CelRule>]>([
  ['object.a', { expression: 'object.a', severity: 'deny', line: 1 }],
  [
    '// no roots\n// here\n\nobject.a &&\nobject.b\n',
    { message: 'no roots here', line: 4, severity: 'deny' },
  ],
  ['// warn: old api\nobject.a', { message: 'old api', severity: 'warn', line: 2 }],
])('reads a file of one expression: %j', (text, expected) => {
  expect(readCelFile('policies/roots.cel', text)).toMatchObject({
    name: 'roots',
    file: 'policies/roots.cel',
    ...expected,
  });
});

test.each<[string, boolean]>([
  ['objects.size() < 10', true],
  ['application.name != "object"', true],
  ['object.kind == "Pod"', false],
  ['objects.exists(o, o.kind == object.kind)', false],
])('%s is about the revision: %s', (expression, expected) => {
  expect(isAboutRevision({ ...readCelFile('a.cel', 'true'), expression })).toBe(expected);
});

const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
test.each<[Pick<CelRule, 'kinds' | 'namespaces'>, boolean]>([
  [{ kinds: [], namespaces: [] }, true],
  [{ kinds: ['Deployment'], namespaces: [] }, true],
  [{ kinds: ['apps/Deployment'], namespaces: [] }, true],
  [{ kinds: ['apps/*'], namespaces: ['shop'] }, true],
  [{ kinds: ['Service', 'Stateful*'], namespaces: [] }, false],
  [{ kinds: [], namespaces: ['prod-*'] }, false],
])('%j matches a Deployment in shop: %s', (match, expected) => {
  expect(celMatches({ ...readCelFile('a.cel', 'true'), ...match }, deployment, 'shop')).toBe(expected);
});
