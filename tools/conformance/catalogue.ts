import { readdirSync, readFileSync } from 'node:fs';
import { readLooseFiles } from '../../src/adapters/manifests/read-loose-files';
import { describeFinding } from '../../src/domain/lint/finding';
import { lintObjects } from '../../src/domain/lint/lint-objects';
import { inRepository, type Row, type Table } from './table';

/** `# expect: 12: spec.replicas: words`, or `# expect warning: …`; an object without a field leaves it empty. */
const expectation = /^# expect(?: (warning))?: (\d+): (.*?): (.*)$/;

/** Broken manifests, each with the one flaw that its first line names: line, field and words of the message. */
export function catalogueTable(): Table {
  const directory = inRepository('test', 'fixtures', 'broken');
  const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  return { name: 'validation catalogue', rows: files.map((name) => flawOf(name, `${directory}/${name}`)) };
}

function flawOf(name: string, path: string): Row {
  return {
    name,
    check() {
      const content = readFileSync(path, 'utf8');
      const expected = expectation.exec(content.split('\n', 1)[0] ?? '');
      if (expected === null) return 'its first line expects nothing';
      const [, severity = 'error', line, field, words = ''] = expected;
      const found = lintObjects(readLooseFiles([{ path: name, content }]));
      const flaws = found.filter((each) => each.severity !== 'note');
      const [first] = flaws;
      const isIt =
        flaws.length === 1 &&
        first?.severity === severity &&
        first.line === Number(line) &&
        (first.field ?? '') === field &&
        describeFinding(first).includes(words) &&
        first.remedy !== undefined;
      return isIt ? undefined : `found ${JSON.stringify(flaws.map(describeFinding))}`;
    },
  };
}
