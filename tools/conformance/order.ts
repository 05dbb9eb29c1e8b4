import type { KubeObject } from '../../src/domain/kube-object';
import { locate, type Located } from '../../src/domain/located';
import type { Problem } from '../../src/domain/problem';
import { readSyncMarks, type SyncMarks } from '../../src/domain/sync/marks';
import { planSync, type SyncStep } from '../../src/domain/sync/plan';
import { matchesAny } from '../../src/domain/sync/selective';
import { readTable, row, type Row, type Table } from './table';

type Annotations = Readonly<Record<string, string>>;

interface Annotated {
  readonly name: string;
  readonly annotations: Annotations;
  /** Then the object is refused, besides what is read of it. */
  readonly differs?: string;
}

interface Rules {
  readonly kinds: readonly string[];
  readonly orders: readonly { name: string; objects: readonly string[]; order: readonly string[] }[];
  readonly multiStep: readonly { name: string; objects: readonly string[]; steps: readonly string[] }[];
  readonly hooks: readonly (Annotated & {
    readonly phases: readonly string[];
    readonly hook: boolean;
    readonly skip: boolean;
  })[];
  readonly waves: readonly (Annotated & { readonly wave: number })[];
  readonly policies: readonly (Annotated & { readonly policies: readonly string[] })[];
  readonly selections: readonly {
    readonly name: string;
    readonly selectors: readonly string[];
    readonly ref: string;
    readonly selected: boolean;
  }[];
}

/** In which order a sync applies objects, what makes a hook, and what a selective sync takes. */
export function orderTables(): readonly Table[] {
  const { kinds, orders, multiStep, hooks, waves, policies, selections } = readTable<Rules>('order.json');
  return [
    {
      name: 'order of a sync',
      rows: [
        ...kinds.slice(1).map((kind, index) => kindRow(kinds[index] ?? '', kind)),
        ...orders.map(({ name, objects, order }) =>
          row(name, order, () =>
            stepsOf(objects).flatMap((step) => step.tasks.map((task) => wordsOf(step, task))),
          ),
        ),
        ...multiStep.map(({ name, objects, steps }) =>
          row(name, steps, () => stepsOf(objects).map(({ phase, wave }) => `${phase} ${wave}`)),
        ),
      ],
    },
    {
      name: 'hooks of a sync',
      rows: [
        ...hooks.map((each) => {
          const { phases, hook, skip } = each;
          return marksRow(each, { phases, hook, skip }, ({ hookPhases, isHook, skip: skipped }) => ({
            phases: isHook || skipped ? hookPhases : ['Sync'],
            hook: isHook,
            skip: skipped,
          }));
        }),
        ...waves.map((each) => marksRow(each, each.wave, ({ wave }) => wave)),
        ...policies.map((each) =>
          marksRow(hooked(each), each.policies, ({ deletePolicies }) => deletePolicies),
        ),
      ],
    },
    {
      name: 'selective sync',
      rows: selections.map(({ name, selectors, ref, selected }) => {
        const [group = '', kind = '', place = ''] = ref.split(':');
        const [namespace = '', own = ''] = place.split('/');
        const found = { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, namespace, name: own };
        return row(name, selected, () => matchesAny(selectors, found));
      }),
    },
  ];
}

function kindRow(before: string, kind: string): Row {
  return row(`${before} before ${kind}`, [before, kind], () =>
    stepsOf([`Sync 0 ${kind} a`, `Sync 0 ${before} b`]).flatMap(({ tasks }) =>
      tasks.map(({ located }) => located.object.kind),
    ),
  );
}

function marksRow(row_: Annotated, expected: unknown, ours: (marks: SyncMarks) => unknown): Row {
  const { name, annotations, differs } = row_;
  const found = () => {
    const problems: Problem[] = [];
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', annotations } };
    const read = ours(readSyncMarks(locate(object, 'a.yaml'), problems));
    return { read, refused: problems.length > 0 };
  };
  return row(name, { read: expected, refused: differs !== undefined }, found, differs);
}

/** Policies are those of hooks. */
function hooked<T extends Annotated>(each: T): T {
  return { ...each, annotations: { 'argocd.argoproj.io/hook': 'Sync', ...each.annotations } };
}

function stepsOf(texts: readonly string[]): readonly SyncStep[] {
  const problems: Problem[] = [];
  const { steps } = planSync(texts.map(objectOf), problems, { namespace: 'default' });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return steps;
}

/** `<phase> <wave> <kind> [<namespace>/]<name>`; every definition is that of Workflows. */
function objectOf(text: string): Located {
  const [phase = '', wave = '', kind = '', place = ''] = text.split(' ');
  const [name = '', namespace] = place.split('/').reverse();
  const hook = phase === 'Sync' ? {} : { 'argocd.argoproj.io/hook': phase };
  const isDefinition = kind === 'CustomResourceDefinition';
  const object: KubeObject = {
    apiVersion: isDefinition ? 'apiextensions.k8s.io/v1' : kind === 'Workflow' ? 'argoproj.io/v1' : 'v1',
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      annotations: { 'argocd.argoproj.io/sync-wave': wave, ...hook },
    },
    ...(isDefinition && { spec: { group: 'argoproj.io', names: { kind: 'Workflow' } } }),
  };
  return locate(object, 'a.yaml');
}

function wordsOf({ phase, wave }: SyncStep, { located }: { readonly located: Located }): string {
  const { kind, metadata } = located.object;
  const { namespace, name } = metadata;
  return `${phase} ${wave} ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
