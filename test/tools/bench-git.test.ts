import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOnMain, git } from '../../tools/local/git-commits';
import type { Rollback } from '../../bench/rollbacks/applications';
import { readOptions } from '../../bench/rollbacks/options';
import { isGood, report } from '../../bench/rollbacks/report';
import {
  goodFiles,
  otherFiles,
  pathOf,
  serveRepository,
  type SharedRepository,
} from '../../bench/rollbacks/repository';
import { verify } from '../../bench/rollbacks/verify';

let dir: string;
let repository: SharedRepository;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'belay-bench-git-'));
  repository = await serveRepository(dir, 2);
});
afterEach(() => {
  repository.close();
  rmSync(dir, { recursive: true, force: true });
});

const [deployment = ''] = Object.keys(goodFiles(0));
const [other = ''] = otherFiles;
const good = (): Record<string, string> => ({ ...goodFiles(0) });

async function revert(files: Readonly<Record<string, string>> = good()): Promise<string> {
  return commitOnMain(repository.dir, { message: 'Revert\n\nBelay-Run: app-0/1\n', files });
}

async function rollback(): Promise<Rollback> {
  const bad = await commitOnMain(repository.dir, { message: 'Release', files: { [deployment]: 'broken\n' } });
  const revision = await revert();
  return { run: 'app-0/1', application: 0, bad, answer: 'pushed', revision, ms: 1 };
}

const silent = { pushes: 0, lost: 0, files: new Map<string, string>(), stop: async () => undefined };

test('one revert for each rollback, and all as it was, has no fault', async () => {
  const one = await rollback();
  await commitOnMain(repository.dir, { message: 'Change', files: { [other]: 'second\n' } });
  const writer = { ...silent, pushes: 1, files: new Map([[other, 'second\n']]) };
  expect(await verify(repository, [one], writer)).toEqual({ commits: 4, reverts: 1, faults: [] });
});

test('a doubled revert, a revert of another file, and one that is not there are faults', async () => {
  const one = await rollback();
  await revert({ ...good(), [deployment]: 'again\n', [other]: 'stray\n' });
  const missing: Rollback = { ...one, run: 'app-1/1', application: 1, bad: '0'.repeat(40) };
  const { faults } = await verify(repository, [one, missing], silent);
  expect(faults).toEqual([
    'app-0/1 has 2 revert commits instead of 1',
    'app-0/1 was answered with another commit than its own',
    `app-0/1 changed ${other} too`,
    'app-1/1 has 0 revert commits instead of 1',
    'app-1/1 was answered with another commit than its own',
    'the push before app-1/1 was lost',
    'there are 4 commits instead of 5',
    `${pathOf(0)} is not its good tree`,
  ]);
});

test('a push of the second writer that was taken back is a fault', async () => {
  const one = await rollback();
  const writer = { ...silent, pushes: 1, files: new Map([[other, 'second\n']]) };
  expect((await verify(repository, [one], writer)).faults).toEqual([
    'there are 3 commits instead of 4',
    `${other} is not what was written last`,
  ]);
});

test('two who commit at once both end up on the branch', async () => {
  const commits = Array.from({ length: 8 }, (_, index) =>
    commitOnMain(repository.dir, { message: `Commit ${index}`, files: { [`file-${index}`]: 'x\n' } }),
  );
  const made = await Promise.all(commits);
  const log = await git(repository.dir, 'log', '--format=%H', 'main');
  expect(made.filter((revision) => !log.includes(revision))).toEqual([]);
});

test.each([
  ['--rollbacks', '0'],
  ['--applications', 'many'],
  ['--kills', '-1'],
])('%s %s is refused with a sentence', (option, value) => {
  expect(() => readOptions([`${option}=${value}`])).toThrow(
    `${option} ${value} is not a whole number of at least`,
  );
});

test('a history of 4,000 events is too long, and a fault is told', () => {
  const found = { faults: [], histories: [3_999, 20] };
  expect(isGood(found)).toBe(true);
  expect(isGood({ ...found, histories: [4_000] })).toBe(false);
  expect(isGood({ ...found, faults: ['app-0/1 has 2 revert commits instead of 1'] })).toBe(false);
  const counts = {
    rollbacks: [],
    kills: 0,
    othersPushes: 0,
    othersLost: 0,
    seconds: 1,
    commits: 1,
    reverts: 0,
  };
  const text = report(
    { ...found, ...counts, faults: ['this is lost'] },
    { cpus: 2, model: 'one', load: [0, 1] },
  );
  expect(text).toContain('| lost, doubled, or with another file | 1 faults |');
  expect(text).toContain('- this is lost');
});
