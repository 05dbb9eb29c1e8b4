import { readFieldName } from '../../../src/domain/checks/field-path';
import type { PolicyFinding, PolicyFlaw } from '../../../src/domain/checks/findings';
import { policyVerdict } from '../../../src/domain/checks/policy-problems';
import type { FieldPath, Located } from '../../../src/domain/located';

test.each<[string, FieldPath | undefined]>([
  ['spec.replicas', ['spec', 'replicas']],
  ['spec.containers[0].image', ['spec', 'containers', 0, 'image']],
  ['metadata.labels["app.kubernetes.io/name"]', ['metadata', 'labels', 'app.kubernetes.io/name']],
  ["metadata.annotations['a/b']", ['metadata', 'annotations', 'a/b']],
  ['spec..x', undefined],
  ['spec[x', undefined],
])('the field %s is %j', (text, path) => {
  expect(readFieldName(text)).toEqual(path);
});

const web: Located = {
  object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  file: 'web/deploy.yaml',
  line: 3,
  lineOf: (path) => (path[1] === 'replicas' ? 9 : undefined),
};
const finding: PolicyFinding = {
  rule: 'deny',
  file: 'policies/a.rego',
  line: 7,
  isWorkers: false,
  severity: 'deny',
  object: 0,
  message: 'too many',
  field: 'spec.replicas',
};
const flaw: PolicyFlaw = {
  file: 'policies/a.rego',
  line: 2,
  isWorkers: false,
  message: 'rego_parse_error: no',
};

it('says where the object, its field and the rule are', () => {
  expect(policyVerdict([web], { findings: [finding], flaws: [] })).toEqual({
    problems: [
      {
        code: 'PolicyViolation',
        message: 'too many (rule deny of policies/a.rego:7)',
        field: 'spec.replicas',
        file: 'web/deploy.yaml',
        line: 9,
        object: 'Deployment web',
      },
    ],
    warnings: [],
  });
});

it('takes the line of the object where the field is unknown', () => {
  const { problems } = policyVerdict([web], { findings: [{ ...finding, field: 'not a path' }], flaws: [] });
  expect(problems).toMatchObject([{ line: 3, field: 'not a path' }]);
});

it('keeps warnings apart from what refuses', () => {
  const warning: PolicyFinding = { ...finding, severity: 'warn', isWorkers: true };
  const { problems, warnings } = policyVerdict([web], { findings: [warning], flaws: [] });
  expect(problems).toEqual([]);
  expect(warnings).toMatchObject([
    { message: "too many (rule deny of policies/a.rego:7, a policy of the worker's)" },
  ]);
});

test.each<[string, PolicyFlaw, object]>([
  ["an application's own policy", flaw, { file: 'policies/a.rego', line: 2, remedy: 'correct the policy' }],
  [
    'a policy of the worker',
    { ...flaw, isWorkers: true },
    { message: "policies/a.rego:2, a policy of the worker's: rego_parse_error: no" },
  ],
  [
    'all of them',
    { isWorkers: true, message: 'cannot be read' },
    { message: 'the policies of the worker: cannot be read' },
  ],
  [
    'one that fails on an object',
    { ...flaw, object: 0 },
    { message: 'rego_parse_error: no on Deployment web (web/deploy.yaml:3)' },
  ],
])('a flaw of %s refuses the revision', (_what, each, expected) => {
  const { problems } = policyVerdict([web], { findings: [], flaws: [each] });
  expect(problems).toEqual([expect.objectContaining({ code: 'InvalidPolicy', ...expected })]);
});

it('says no more than a person reads', () => {
  const findings = Array.from({ length: 300 }, (_each, index) => ({ ...finding, message: `no ${index}` }));
  expect(policyVerdict([web], { findings, flaws: [] }).problems).toHaveLength(101);
});
