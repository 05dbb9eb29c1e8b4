import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { readProjectFile } from '../support/compose-file';

const root = join(__dirname, '..', '..');

/** Markdown of the project by its path, without what tools have installed or made. */
const pages = ['README.md', 'CHANGELOG.md', 'tools/README.md', ...below('docs'), ...below('examples')].filter(
  (path) => path.endsWith('.md'),
);

function below(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? below(path) : [path];
  });
}

/** The text without what stands between fences or backticks, where nothing is a link. */
function proseOf(page: string): string {
  return readProjectFile(page)
    .replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '')
    .replace(/`[^`\n]*`/g, 'code');
}

/** Targets of links that lead to files of the project. */
function linksOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Names by which a page's headings are linked to, as forges make them. */
function anchorsOf(page: string): readonly string[] {
  const text = readProjectFile(page).replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  const broken = linksOf(page).filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : relative(root, resolve(root, dirname(page), path));
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('every page of docs is reached from the README', () => {
  const found = new Set<string>();
  const visit = (page: string): void => {
    if (found.has(page)) return;
    found.add(page);
    for (const link of linksOf(page)) {
      const [path = ''] = link.split('#');
      if (path === '') continue;
      const target = relative(root, resolve(root, dirname(page), path));
      const isFolder = statSync(join(root, target)).isDirectory();
      for (const each of isFolder ? below(target) : [target]) if (each.endsWith('.md')) visit(each);
    }
  };
  visit('README.md');
  expect(pages.filter((page) => page.startsWith('docs/') && !found.has(page))).toEqual([]);
});

test('decisions are numbered without a gap, and say context, decision and consequences', () => {
  const decisions = below('docs/adr');
  expect(decisions.map((path) => Number(/(\d{4})-/.exec(path)?.[1]))).toEqual(
    decisions.map((_path, index) => index + 1),
  );
  for (const path of decisions) {
    const text = readProjectFile(path);
    expect(text).toMatch(new RegExp(`^# ${Number(/(\d{4})-/.exec(path)?.[1])}\\. `));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ]);
  }
});

test('every example has an Application and is linked from the README', () => {
  const examples = readdirSync(join(root, 'examples'));
  expect(examples.length).toBeGreaterThanOrEqual(6);
  for (const name of examples) {
    expect(existsSync(join(root, 'examples', name, 'application.yaml'))).toBe(true);
    expect(linksOf('README.md')).toContain(`examples/${name}`);
  }
});
