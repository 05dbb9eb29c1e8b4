import { marks } from '../../src/domain/marks';
import { peekText } from '../../src/domain/peek';
import { benchSpec } from '../support/cluster-bench';
import { run, startLab, type Lab } from '../support/cluster-lab';
import { jobYaml } from '../support/sync-yaml';
import { until } from '../support/until';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

interface Hook {
  readonly phase?: string;
  readonly behavior?: string;
  readonly undo?: string;
}

function hookFiles(name: string, { phase = 'PreSync', behavior = 'ready', undo = 'ready' }: Hook = {}) {
  const annotations = `argocd.argoproj.io/hook: ${phase}, argocd.argoproj.io/hook-delete-policy: HookSucceeded`;
  const back = jobYaml(`{name: un${name}, annotations: {belay.dev/undoes: ${name}}}`, { behavior: undo });
  return {
    [`${name}.yaml`]: jobYaml(`{name: ${name}, annotations: {${annotations}}}`, { behavior }),
    [`un${name}.yaml`]: back,
  };
}

/** An application of its own, and the Jobs that it has, in the order of their creation. */
async function open(files: Readonly<Record<string, string>>) {
  const namespace = await lab.namespace();
  const spec = benchSpec(namespace);
  const revision = lab.git.commit(files);
  const { runSyncHooks, deleteSyncHooks, undoSyncHooks } = lab.worker();
  const jobs = async () => {
    const all = await lab.kube.list({ apiVersion: 'batch/v1', kind: 'Job' }, { namespace });
    return all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  };
  return {
    jobs,
    names: async () => (await jobs()).map(({ metadata }) => metadata.name).sort(),
    job: async (name: string) => (await jobs()).find(({ metadata }) => metadata.name === name),
    hooks: async (phase: 'PreSync' | 'PostSync' = 'PreSync', startedAt = 2_000, signal?: AbortSignal) => {
      const input = { spec, revision, step: { phase, wave: 0 }, startedAt };
      const end = await run(runSyncHooks, input, signal);
      await run(deleteSyncHooks, { ...input, failed: end.kind === 'failed' });
      return end;
    },
    undo: (startedAt = 2_000) => run(undoSyncHooks, { spec, revision, startedAt }),
    change: (name: string, patch: object) =>
      lab.kube.patch({ apiVersion: 'batch/v1', kind: 'Job', namespace, name }, patch, { manager: 'kubectl' }),
    remove: (name: string) =>
      lab.kube.remove(
        { apiVersion: 'batch/v1', kind: 'Job', namespace, name },
        { propagation: 'Background' },
      ),
  };
}

describe('a hook of a sync that has an undo', () => {
  it('is taken back once, by the Job that names it, which no sync runs', async () => {
    const app = await open(hookFiles('migrate'));
    expect(await app.hooks()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate']);
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate', 'migrate-2000-undo']);
    const undo = await app.job('migrate-2000-undo');
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect((await app.job('migrate-2000-undo'))?.metadata.uid).toBe(undo?.metadata.uid);
    await app.remove('migrate-2000-undo');
    await until('the undo Job is gone', async () => (await app.names()).length === 1);
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate']);
  });

  it('that has not run, or only in an earlier sync or revision, stays as it is', async () => {
    const app = await open(hookFiles('migrate'));
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual([]);
    await app.hooks('PreSync', 1_000);
    expect(await app.undo(2_000)).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate']);
    await app.change('migrate', { metadata: { annotations: { [marks.hookRevision]: 'another' } } });
    expect(await app.undo(1_000)).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate']);
  });

  it('is taken back after those that ran later', async () => {
    const app = await open({ ...hookFiles('migrate'), ...hookFiles('warm', { phase: 'PostSync' }) });
    await app.hooks();
    await app.hooks('PostSync');
    await app.undo();
    const created = Object.fromEntries(
      (await app.jobs()).map((job) => [job.metadata.name, peekText(job, 'metadata', 'creationTimestamp')]),
    );
    expect(Object.keys(created).sort()).toEqual(['migrate', 'migrate-2000-undo', 'warm', 'warm-2000-undo']);
    const ended = peekText(await app.job('warm-2000-undo'), 'status', 'completionTime') ?? '';
    expect(Date.parse(created['migrate-2000-undo'] ?? '')).toBeGreaterThanOrEqual(Date.parse(ended));
  });

  it('that has failed is taken back as well, and made anew by the next sync', async () => {
    const app = await open(hookFiles('migrate', { behavior: 'crash' }));
    expect(await app.hooks()).toMatchObject({ kind: 'failed' });
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate', 'migrate-2000-undo']);
    const first = await app.job('migrate');
    await app.hooks('PreSync', 3_000);
    expect((await app.job('migrate'))?.metadata.uid).not.toBe(first?.metadata.uid);
    expect(await app.undo(3_000)).toEqual({ kind: 'done' });
    expect(await app.names()).toContain('migrate-3000-undo');
  });

  it('that is called off in the middle stays stopped, and is taken back', async () => {
    const app = await open(hookFiles('migrate', { behavior: 'never-ready' }));
    const stop = new AbortController();
    const ended = app.hooks('PreSync', 2_000, stop.signal).catch((error: unknown) => error);
    await until('it runs', async () => (await app.names()).includes('migrate'));
    stop.abort();
    await ended;
    expect(await app.job('migrate')).toMatchObject({ spec: { suspend: true } });
    expect(await app.undo()).toEqual({ kind: 'done' });
    expect(await app.names()).toEqual(['migrate', 'migrate-2000-undo']);
  });

  it('whose undo fails says so, tries it anew in the next call, and takes a person at their word', async () => {
    const app = await open(hookFiles('migrate', { undo: 'crash' }));
    await app.hooks();
    expect(await app.undo()).toMatchObject({
      kind: 'failed',
      sentence: expect.stringContaining('undo of hook migrate: ') as string,
    });
    const first = await app.job('migrate-2000-undo');
    expect(await app.undo()).toMatchObject({ kind: 'failed' });
    expect((await app.job('migrate-2000-undo'))?.metadata.uid).not.toBe(first?.metadata.uid);
    const annotations = { 'belay.dev/undone-by-hand': 'true' };
    await app.change('migrate-2000-undo', { metadata: { annotations } });
    expect(await app.undo()).toEqual({ kind: 'done' });
  });
});
