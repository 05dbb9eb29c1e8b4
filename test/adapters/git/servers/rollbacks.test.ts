import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGood } from '../../../../bench/rollbacks/report';
import { runRollbacks } from '../../../../bench/rollbacks/run';
import { table } from './table';

const { server, outcome } = table.Together['many rollbacks'];

/** Made by `npm run build`: a process that can be killed runs compiled code. */
const workerProgram = join(process.cwd(), 'dist', 'bench', 'rollbacks', 'git-worker.js');

test(`Together: ${server} → ${outcome}`, async () => {
  if (!existsSync(workerProgram)) throw new Error(`there is no ${workerProgram}; run npm run build`);
  const found = await runRollbacks(
    {
      rollbacks: 60,
      applications: 6,
      kills: 1,
      writerMs: 4_000,
      dir: mkdtempSync(join(tmpdir(), 'belay-rollbacks-')),
      workerProgram,
      // So that the writer continues as new several times.
      suggestAt: 250,
    },
    () => undefined,
  );
  expect(found.faults).toEqual([]);
  expect(`${found.reverts} revert commits`).toBe(outcome);
  expect(isGood(found)).toBe(true);
  expect(found.kills).toBe(1);
  expect(found.othersPushes).toBeGreaterThan(0);
  expect(found.histories.length).toBeGreaterThan(1);
}, 900_000);
