import { mirrorAndKeep } from '../../src/activities/bookkeeping';
import type { ApplicationSpec } from '../../src/domain/application-spec';
import type { Cluster } from '../../src/ports/cluster';
import { application } from '../support/view-application';

const plain = { targetRevision: 'main', recurse: false };
const good = 'a'.repeat(40);
const values = 'b'.repeat(40);

/** What is kept of an application. */
async function keptOf(spec: Partial<ApplicationSpec>, pins?: readonly string[]): Promise<readonly unknown[]> {
  const kept: unknown[] = [];
  const git = { keepRevision: async (request: unknown) => void kept.push(request) };
  const cluster = { get: async () => undefined, create: async () => ({}), patch: async () => ({}) };
  const ports = { git, cluster: cluster as unknown as Cluster };
  const input = { spec: application(spec), state: '{}', keep: { revision: good, ...(pins && { pins }) } };
  await mirrorAndKeep(ports as never, input).catch(() => undefined); // this cluster takes nothing
  return kept;
}

test('the good revisions of all sources in Git are kept, with what is taken from each', async () => {
  const source = {
    ...{ ...plain, repoUrl: 'https://git.example/chart', path: 'chart' },
    helm: { valueFiles: ['$values/shop.yaml'] },
  };
  const otherSources = [
    { ...plain, repoUrl: 'https://git.example/values', path: '.', ref: 'values', refOnly: true },
    { ...plain, repoUrl: 'https://charts.example', path: '.', chart: 'redis' },
  ];
  expect(await keptOf({ name: 'shop', source, otherSources }, [values, '1.2.3'])).toEqual([
    { app: 'shop', repoUrl: 'https://git.example/chart', paths: ['chart'], revision: good },
    { app: 'shop.source-1', repoUrl: 'https://git.example/values', paths: ['shop.yaml'], revision: values },
  ]);
});

test('of a source whose revision is not known nothing is kept', async () => {
  const otherSources = [{ ...plain, repoUrl: 'https://git.example/more', path: 'more' }];
  expect(await keptOf({ name: 'shop', otherSources })).toHaveLength(1);
});
