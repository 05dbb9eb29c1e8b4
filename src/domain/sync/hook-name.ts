import { fitName } from '../fit-name';
import { valueAt } from '../read-json';
import type { KubeObject } from '../kube-object';
import type { Phase } from './hook-phases';

/** Which run of a hook is named. */
export interface HookRun {
  /** The commit, or the version of a chart. */
  readonly revision: string;
  readonly phase: Phase;
  /** When the sync began, milliseconds: the same for each try, so that a hook is not started twice. */
  readonly at: number;
}

/** Kinds whose name becomes a label or a DNS label, and the length that leaves room for what Kubernetes adds. */
const longest: Readonly<Record<string, number>> = {
  CronJob: 52,
  Job: 63,
  Pod: 63,
  Service: 63,
  Namespace: 63,
};

/**
 * The name of a hook in one run of it: its own, or for `metadata.generateName` that and `<revision>-<phase>-<unix seconds>`, as in
 * Argo CD (`sync_context.go`: seven characters of a revision of at least eight). What is longer than its kind allows is cut in the
 * middle, with a hash to keep it apart. Undefined where the object has neither name.
 */
export function hookName(object: KubeObject, { revision, phase, at }: HookRun): string | undefined {
  const name = valueAt(object, 'metadata', 'name');
  if (typeof name === 'string' && name !== '') return name;
  const base = valueAt(object, 'metadata', 'generateName');
  if (typeof base !== 'string' || base === '') return undefined;
  const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
  const run = `${short}-${phase}-${Math.floor(at / 1000)}`.toLowerCase();
  const limit = longest[object.kind] ?? 253;
  return base.length + run.length <= limit ? base + run : fitName(base.replace(/-+$/, ''), `-${run}`);
}
