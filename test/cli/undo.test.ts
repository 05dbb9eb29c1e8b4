import { ClientError, type UndoPreview } from '../../src/client';
import { bad, good, minutesAgo } from '../client/fixtures/statuses';
import { failing, runCli } from './run-cli';

const restore = {
  repoUrl: 'https://ada:secret@git.example/shop.git',
  branch: 'refs/heads/main',
  paths: ['k8s/web', 'values/prod.yaml'],
  good,
  bad,
  sources: [0],
};
const some: UndoPreview = {
  target: { revision: good, at: minutesAgo(90), id: 7 },
  writeBack: 'pull-request-if-protected',
  restores: [
    {
      ...restore,
      changes: [
        { path: 'k8s/web/canary.yaml', change: 'deleted', added: 0, removed: 12 },
        { path: 'k8s/web/deployment.yaml', change: 'modified', added: 1, removed: 1 },
        { path: 'k8s/web/ingress.yaml', change: 'added', added: 20, removed: 0 },
        { path: 'k8s/web/logo.png', change: 'modified' },
        { path: 'k8s/web/migrate.sh', change: 'mode', added: 0, removed: 0 },
        { path: 'k8s/web/o\u001b[2Jdd', change: 'type' },
      ],
    },
    {
      ...restore,
      repoUrl: 'git@git.example:values.git',
      branch: 'refs/heads/next',
      paths: ['.'],
      changes: [],
    },
  ],
};

function answering(preview: UndoPreview) {
  const asked: unknown[] = [];
  return {
    asked,
    previewUndo: async (...args: unknown[]) => {
      asked.push(args);
      return preview;
    },
  };
}

test('a dry run shows the branches, paths and files that would be written', async () => {
  const client = answering(some);
  const { code, out } = await runCli('undo web --to 3f2c --dry-run', client);
  expect({ code, asked: client.asked }).toEqual({ code: 0, asked: [['web', '3f2c']] });
  expect(`\n${out}`).toMatchInlineSnapshot(`
   "
   https://git.example/shop.git main
     k8s/web, values/prod.yaml (9ab12cd..3f2c1aa)
     - k8s/web/canary.yaml       +0 -12    deleted
     ~ k8s/web/deployment.yaml   +1 -1
     + k8s/web/ingress.yaml      +20 -0    added
     ~ k8s/web/logo.png          no text
     ~ k8s/web/migrate.sh        +0 -0     mode
     ~ k8s/web/o[2Jdd            no text   another type of file
     6 files, +21 -13

   git@git.example:values.git next
     . (9ab12cd..3f2c1aa)
     0 files, +0 -0

   web would go back to 3f2c1aa (1 h 30 min ago, entry 7 of the history): one commit is pushed; where the branch is protected, a pull request is opened
   nothing was changed
   "
  `);
});

test('a dry run in colours has them, and not with --no-color', async () => {
  const terminal = {
    stdout: { write: (text: string) => void (text.includes('\u001b[') && seen.push(text)), isTTY: true },
  };
  const seen: string[] = [];
  await runCli('undo web --dry-run', answering(some), terminal);
  expect(seen).toHaveLength(1);
  await runCli('undo web --dry-run --no-color', answering(some), terminal);
  expect(seen).toHaveLength(1);
});

test('a dry run of what Git has already says so', async () => {
  const { out } = await runCli('undo web --dry-run', answering({ ...some, restores: [] }));
  expect(out).toContain(
    'web would go back to 3f2c1aa (1 h 30 min ago, entry 7 of the history): Git has its content',
  );
});

test.each([
  ['revert', 'one commit is pushed'],
  ['hold', 'one commit is pushed'],
  ['pull-request', 'a pull request is opened, and the application waits for it'],
] as const)('with the policy %s %s', async (writeBack, how) => {
  const { out } = await runCli('undo web --dry-run', answering({ ...some, writeBack }));
  expect(out).toContain(`entry 7 of the history): ${how}\n`);
});

test('a dry run as JSON and as names', async () => {
  const { out } = await runCli('undo web --dry-run -o json', answering(some));
  expect(JSON.parse(out)).toMatchObject({
    target: { revision: good, id: 7, at: new Date(minutesAgo(90)).toISOString() },
    restores: [
      {
        branch: 'refs/heads/main',
        changes: [{ path: 'k8s/web/canary.yaml', removed: 12 }, {}, {}, {}, {}, {}],
      },
      {},
    ],
  });
  expect((await runCli('undo web --dry-run -o name', answering(some))).out.split('\n')[0]).toBe(
    'k8s/web/canary.yaml',
  );
});

test('-o without --dry-run is refused: nothing would be shown', async () => {
  const { code, err } = await runCli('undo web -o json', answering(some));
  expect({ code, err }).toEqual({
    code: 2,
    err: 'error: -o shows what a dry run has found\n  try: add --dry-run, or leave -o out\n',
  });
});

test('a revision that is not in the history ends with 1', async () => {
  const why = 'revision v9 is not in the history of web, whose good ones are 3f2c1aa';
  const { code, err } = await runCli('undo web --to v9 --dry-run', {
    previewUndo: failing(
      new ClientError('Rejected', why, { remedy: '`belay app history web` shows its revisions' }),
    ),
  });
  expect({ code, err }).toEqual({
    code: 1,
    err: `error: ${why}\n  try: \`belay app history web\` shows its revisions\n`,
  });
});
