import { fitName } from '../fit-name';
import type { KubeObject } from '../kube-object';
import { peekText } from '../peek';
import type { Phase } from './hook-phases';

/** Which run of a hook is named. */
export interface HookRun {
  /** The commit, or the version of a chart. */
  readonly revision: string;
  readonly phase: Phase;
  /** When the sync began, milliseconds: the same for each try, so that a hook is not started twice. */
  readonly at: number;
}

/** Kinds whose name becomes a label or a host's name. */
const longest: Readonly<Record<string, number>> = { Job: 63, Pod: 63, Service: 63, Namespace: 63 };

/**
 * The name of a hook in one run of it: its own, or for `metadata.generateName` that and `<revision>-<phase>-<unix seconds>`, as in
 * Argo CD (`sync_context.go`: seven characters of a revision of at least eight; here
 * without the dots and signs of a chart's version). What is longer than its kind allows is cut in the
 * middle, with a hash to keep it apart. The reader of manifests gives an object without a name its `generateName` for one.
 */
export function hookName(object: KubeObject, { revision, phase, at }: HookRun): string {
  const name = peekText(object, 'metadata', 'name') ?? '';
  const base = peekText(object, 'metadata', 'generateName') ?? '';
  if (name !== '' && name !== base) return name;
  const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
  const run = `${short}-${phase}-${Math.floor(at / 1000)}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const limit = longest[object.kind] ?? 253;
  return base.length + run.length <= limit ? base + run : fitName(base.replace(/-+$/, ''), `-${run}`);
}
