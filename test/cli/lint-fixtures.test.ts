import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readLooseFiles } from '../../src/adapters/manifests/read-loose-files';
import { describeFinding } from '../../src/domain/lint/finding';
import { lintObjects } from '../../src/domain/lint/lint-objects';

const directory = join(__dirname, '..', 'fixtures', 'broken');
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
/** `# expect: 12: spec.replicas: words`, or `# expect warning: …`; an object without a field leaves it empty. */
const expectation = /^# expect(?: (warning))?: (\d+): (.*?): (.*)$/;

test('there is a file for each rule', () => {
  expect(files.length).toBeGreaterThanOrEqual(30);
});

test.each(files)('%s has the one flaw that its first line names', (path) => {
  const content = readFileSync(join(directory, path), 'utf8');
  const [, severity = 'error', line, field = '', words] =
    expectation.exec(content.split('\n', 1)[0] ?? '') ?? [];
  const found = lintObjects(readLooseFiles([{ path, content }])).filter((each) => each.severity !== 'note');
  expect(found.map(describeFinding)).toEqual([expect.stringContaining(words ?? 'an expectation')]);
  expect(found).toMatchObject([{ severity, file: path, line: Number(line), remedy: expect.any(String) }]);
  expect(found[0]?.field ?? '').toBe(field);
});
