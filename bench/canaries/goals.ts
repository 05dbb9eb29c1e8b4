import { percentile, sum } from '../gitops/statistics';
import type { Figures, Moved } from './figures';

export interface Goal {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly isMet: boolean;
}

/** The load that the goals of time and processor are for. */
const canaries = 200;
const limits = { seconds: 60, cpu: 30, memory: 400, share: 0.6, goesOnMs: 3_000 };

/** What the run is judged by. Time and processor time are goals of 200 canaries of 4 pods, and of no other load. */
export function goals({ number, replicas, belay, argo, killed, idle }: Figures): readonly Goal[] {
  const isTheLoad = number === canaries && replicas === 4;
  const memory =
    idle === undefined ? [] : [within('idle: memory of the worker', idle.rss, limits.memory, 'MiB')];
  const [middle] = killed === undefined || killed.next.length === 0 ? [] : [percentile(killed.next, 0.5)];
  const goesOn =
    middle === undefined
      ? []
      : [within('a worker is back → the next activity, p50', middle / 1_000, limits.goesOnMs / 1_000, 's')];
  return [...belay.flatMap((moved) => goalsOf(moved, argo, isTheLoad)), ...goesOn, ...memory];
}

function goalsOf(moved: Moved, argo: readonly Moved[], isTheLoad: boolean): readonly Goal[] {
  const { system, seconds, cpu, peak, requests } = moved;
  const absolute = isTheLoad
    ? [
        within(`${system}: all Healthy after`, seconds, limits.seconds, 's'),
        within(`${system}: CPU of the worker`, cpu['controller'] ?? 0, limits.cpu, 's'),
      ]
    : [];
  const fewest = Math.min(...argo.map((each) => sum(each.requests)));
  const share =
    argo.length === 0
      ? []
      : [
          within(
            `${system}: requests, of the fewest of Argo Rollouts`,
            sum(requests) / fewest,
            limits.share,
            '',
          ),
        ];
  return [...absolute, within(`${system}: memory of the worker`, peak, limits.memory, 'MiB'), ...share];
}

function within(what: string, value: number, limit: number, unit: string): Goal {
  const digits = limit < 10 ? 2 : 1;
  return {
    what,
    measured: `${value.toFixed(digits)} ${unit}`.trim(),
    limit: `≤ ${limit} ${unit}`.trim(),
    isMet: value <= limit,
  };
}
