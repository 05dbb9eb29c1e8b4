import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown, table } from '../adapters/git/servers/table';

const dir = join(__dirname, '..', 'adapters', 'git', 'servers');

test('the document shows the table of the tests', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'git-servers.md'), 'utf8')).toContain(markdown());
});

test('every behaviour of the table has a test', () => {
  const sources = readdirSync(dir)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(dir, file), 'utf8'))
    .join('\n');
  const ids = Object.values(table).flatMap((rows) => Object.keys(rows));
  const missing = ids.filter((id) => !sources.includes(`'${id}'`) && !sources.includes(`.${id}.`));
  expect(missing).toEqual([]);
});
