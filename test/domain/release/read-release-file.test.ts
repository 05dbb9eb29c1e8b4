import { readReleaseFile } from '../../../src/adapters/manifests/read-release-file';
import { edit, told, valueOf } from '../read-yaml';

const text = `apiVersion: belay.dev/v1alpha1
kind: Release
metadata:
  name: shop
  labels: { team: shop }
spec:
  mode: lockstep
  rollback: dependents
  bake: 10m
  newCommit: restart
  parallel: 4
  members:
    - application: migrate
    - application: cart
      dependsOn: [migrate]
    - application: web
      dependsOn:
        - cart
        - migrate
        - cart
`;

const read = (content: string) => readReleaseFile(content, 'shop.yaml');

test('a release says what it consists of and how it goes', () => {
  expect(valueOf(read(text))).toEqual([
    {
      name: 'shop',
      members: [
        { application: 'migrate', dependsOn: [], wave: 0 },
        { application: 'cart', dependsOn: ['migrate'], wave: 0 },
        { application: 'web', dependsOn: ['cart', 'migrate'], wave: 0 },
      ],
      options: {
        mode: 'lockstep',
        rollback: 'dependents',
        bakeMs: 600_000,
        newCommit: 'restart',
        parallel: 4,
      },
    },
  ]);
});

test('what is not written has its default', () => {
  const short = `apiVersion: belay.dev/v1alpha1
kind: Release
metadata: { name: shop }
spec: { members: [{ application: web }] }
`;
  expect(valueOf(read(short))[0]?.options).toEqual({
    mode: 'waves',
    rollback: 'all',
    bakeMs: 0,
    newCommit: 'finish',
    parallel: 10,
  });
});

test.each<[string, string, string, string]>([
  [
    'an unknown field',
    'rollback: dependents',
    'rolback: dependents',
    'UnknownField shop.yaml:8: Release shop: spec.rolback: unknown field; did you mean "rollback"?',
  ],
  [
    'an unknown field of a member',
    '      dependsOn: [migrate]\n',
    '      dependson: [migrate]\n',
    'UnknownField shop.yaml:15: Release shop: spec.members[1].dependson: unknown field; did you mean "dependsOn"?',
  ],
  [
    'an unknown field of the head',
    'labels: { team: shop }',
    'label: { team: shop }',
    'UnknownField shop.yaml:5: Release shop: metadata.label: unknown field; did you mean "labels"?',
  ],
  [
    'an unknown field of the release',
    'kind: Release\n',
    'kind: Release\nstatus: {}\n',
    'UnknownField shop.yaml:3: Release shop: status: unknown field; remove it',
  ],
  [
    'an unknown policy',
    'rollback: dependents',
    'rollback: dependants',
    'InvalidSpec shop.yaml:8: Release shop: spec.rollback: "dependants" is none of all, dependents, failed-only; did you mean "dependents"?',
  ],
  [
    'an unknown mode',
    'mode: lockstep',
    'mode: parallel',
    'InvalidSpec shop.yaml:7: Release shop: spec.mode: "parallel" is none of waves, lockstep; use one of: waves, lockstep',
  ],
  [
    'a time that is none',
    'bake: 10m',
    'bake: ten minutes',
    'InvalidSpec shop.yaml:9: Release shop: spec.bake: ten minutes is not a duration; write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m',
  ],
  [
    'nobody at a time',
    'parallel: 4',
    'parallel: 0',
    'InvalidSpec shop.yaml:11: Release shop: spec.parallel: 0 is below 1; use 1 or more',
  ],
  [
    'a member without a name',
    '- application: migrate',
    '- dependsOn: []',
    'InvalidSpec shop.yaml:13: Release shop: spec.members[0].application: is missing; name an application of `belay app list`',
  ],
  [
    'a member twice',
    '- application: web',
    '- application: migrate',
    'InvalidSpec shop.yaml:16: Release shop: spec.members[2].application: migrate is a member already; write it once, with all that it depends on: it is spec.members[0] too',
  ],
  [
    'one text where a list belongs',
    'dependsOn: [migrate]',
    'dependsOn: migrate',
    'InvalidSpec shop.yaml:15: Release shop: spec.members[1].dependsOn: must be a list, not a text; write its items below it',
  ],
  [
    'a name that can be no part of an id',
    'name: shop',
    'name: Shop',
    'InvalidSpec shop.yaml:4: Release Shop: metadata.name: name "Shop" is not made of at most 63 lower-case letters, digits and dashes; rename it: the name becomes a workflow id and a label value',
  ],
  [
    'another version',
    'belay.dev/v1alpha1',
    'belay.dev/v1',
    'InvalidSpec shop.yaml:1: Release shop: apiVersion: version belay.dev/v1 is unknown; write belay.dev/v1alpha1',
  ],
  [
    'another kind',
    'kind: Release',
    'kind: Rollout',
    'InvalidSpec shop.yaml:1: Rollout shop: is not a Release; give a file that holds only releases (belay.dev/v1alpha1)',
  ],
  [
    'an application',
    'kind: Release',
    'kind: Application',
    'InvalidSpec shop.yaml:1: Application shop: is not a Release; give applications to `belay app create -f`, and only releases here',
  ],
  [
    'no members',
    text.slice(text.indexOf('  members:')),
    '  members: []\n',
    'InvalidSpec shop.yaml:12: Release shop: spec.members: names no application; write a list of `- application: NAME`',
  ],
  [
    'no list of members',
    text.slice(text.indexOf('  members:')),
    '',
    'InvalidSpec shop.yaml:6: Release shop: spec.members: names no application; write a list of `- application: NAME`',
  ],
  [
    'a dependency that is no member',
    'dependsOn: [migrate]',
    'dependsOn: [migrat]',
    'InvalidSpec shop.yaml:15: Release shop: spec.members[1].dependsOn: cart depends on migrat, which is no member; make migrat a member, or take the dependency out',
  ],
  [
    'a dependency on itself',
    'dependsOn: [migrate]',
    'dependsOn: [cart]',
    'InvalidSpec shop.yaml:15: Release shop: spec.members[1].dependsOn: cart depends on itself; take that dependency out',
  ],
  [
    'a cycle',
    'dependsOn: [migrate]',
    'dependsOn: [web]',
    'InvalidSpec shop.yaml:15: Release shop: spec.members[1].dependsOn: cart → web → cart is a cycle; take one of these dependencies out',
  ],
])('%s is refused by its place', (_name, from, to, expected) => {
  expect(told(read(edit(text, from, to)))).toEqual([expected]);
});

test('two releases of one name, and a file without any, are refused', () => {
  expect(told(read(`${text}---\n${text}`))).toEqual([
    'DuplicateObject shop.yaml:25: Release shop: metadata.name: there is another release called shop in this file; rename one: names are unique in Belay',
  ]);
  expect(told(read(''))).toEqual([
    'InvalidSpec shop.yaml: the file holds no release; write a Release (belay.dev/v1alpha1)',
  ]);
});
