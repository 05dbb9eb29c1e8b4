import { basicCanaryGoal } from '../../src/domain/canary-goal';
import {
  basicCanaryCounts,
  routedCanaryCounts,
  type BasicCanaryInput,
  type CanaryCounts,
  type RoutedCanaryInput,
} from '../../src/domain/replica-counts';
import { readTable, row, type Table } from './table';

interface Counts<I> {
  readonly name: string;
  readonly input: I;
  readonly expected: CanaryCounts;
}

interface Canary {
  readonly canary: readonly (
    | ({ readonly router: false } & Counts<BasicCanaryInput>)
    | ({ readonly router: true } & Counts<RoutedCanaryInput>)
  )[];
  readonly routed: readonly Counts<RoutedCanaryInput>[];
  readonly dynamicStableScale: readonly Counts<RoutedCanaryInput>[];
}

/** How many pods each version has: Argo Rollouts' own tables. */
export function replicaTables(): readonly Table[] {
  const { canary, routed, dynamicStableScale } = readTable<Canary>('replica-counts.json');
  const { rows } = readTable<{ readonly rows: readonly (readonly number[])[] }>('approximations.json');
  const counts = ({ name, input, expected }: Counts<RoutedCanaryInput>) =>
    row(name, expected, () => routedCanaryCounts(input));
  return [
    {
      name: 'replica counts of a canary',
      rows: canary.map((each) =>
        each.router ? counts(each) : row(each.name, each.expected, () => basicCanaryCounts(each.input)),
      ),
    },
    { name: 'nearest split of pods', rows: rows.map(approximation) },
    { name: 'replica counts by traffic weight', rows: routed.map(counts) },
    { name: 'replica counts with dynamicStableScale', rows: dynamicStableScale.map(counts) },
  ];
}

function approximation([replicas = 0, weight = 0, maxSurge = 0, canary, stable]: readonly number[]) {
  return row(`${replicas} pods, ${weight} %, surge ${maxSurge}`, { stable, canary }, () =>
    basicCanaryGoal({ replicas, weight, maxSurge, maxUnavailable: 1 }),
  );
}
