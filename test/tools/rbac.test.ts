import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { purposes } from '../../src/adapters/cluster/permissions';
import { rbacManifests } from '../../tools/rbac/manifests';

const folder = join('deploy', 'kubernetes');
const written = rbacManifests();

test('deploy/kubernetes is what `npm run rbac` writes', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.yaml'),
  );
  expect(files.sort()).toEqual([...written.keys()].sort());
  for (const [path, text] of written) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
});

test('every file is documented where permissions are', () => {
  const page = readFileSync(join('docs', 'permissions.md'), 'utf8');
  for (const { name } of purposes) expect(page).toContain(`\`${name}\``);
});

test.each([...written])('%s holds objects that name what they bind', (_path, text) => {
  const objects = parseAllDocuments(text).map(
    (each) => each.toJS() as { kind: string; roleRef?: { name: string } },
  );
  const bound = objects.flatMap(({ roleRef }) => roleRef?.name ?? []);
  expect(bound).toHaveLength(1);
  expect(objects).toContainEqual(
    expect.objectContaining({ metadata: expect.objectContaining({ name: bound[0] }) as unknown }),
  );
});

test('no role may do everything, or give itself more', () => {
  for (const { permissions } of purposes)
    for (const { group, resources, verbs } of permissions) {
      expect([group, ...resources, ...verbs]).not.toContain('*');
      expect(group).not.toBe('rbac.authorization.k8s.io');
    }
});
