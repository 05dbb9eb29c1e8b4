import { table, verbs } from '../gitops/report';
import { percentile, sum } from '../gitops/statistics';
import type { Figures, Moved } from './figures';
import { goals } from './goals';

/** The figures as Markdown: what each system took and cost, ratios of the same run, goals, then what else was measured. */
export function report(figures: Figures): string {
  const { number, replicas, machine, belay, argo, failures } = figures;
  const load = machine.load.map((each) => each.toFixed(1)).join(', ');
  return [
    `${number} canaries of ${replicas} pods at once, weights 25, 50 and 75 with a pause of 1 s after each; ${machine.cpus} CPUs (${machine.model}) for everything.`,
    `Load average of the machine, 1 min: ${load} at the start and the end.`,
    ...failures.map((each) => `\nNot measured: ${each}`),
    '',
    systems([...belay, ...argo], number),
    ...(argo.length === 0 ? ['', elsewhere] : ['', ratios(belay, argo)]),
    '',
    table(
      ['goal', 'measured', 'limit', ''],
      goals(figures).map(({ what, measured, limit, isMet }) => [what, measured, limit, verdict(isMet)]),
    ),
    '',
    ...rest(figures),
  ].join('\n');
}

/** Without the program: what was measured earlier, on another day, and is divided by nothing. */
const elsewhere =
  'Argo Rollouts was not run (`--argo`). Of an earlier day, on a machine of the same kind (version 1.9.1, 200 canaries of 4 pods): 266 s, or 102 s with `--qps 1000`; 32 to 38 s of processor time, 113 MiB. No ratio follows from these.';

/** A line to be told as soon as it is known: the run may end early. */
export function summaryOf({ system, seconds, cpu, peak, requests, load }: Moved): string {
  const used = Object.entries(cpu).map(([program, each]) => `${program} ${each.toFixed(1)}`);
  return `${system}: ${seconds.toFixed(1)} s; CPU s ${used.join(', ')}; ${peak.toFixed(0)} MiB; ${sum(requests)} requests of its own; load ${load.map((each) => each.toFixed(1)).join(', ')}`;
}

function verdict(isMet: boolean | undefined): string {
  return isMet === undefined ? '' : isMet ? 'met' : 'MISSED';
}

function systems(moved: readonly Moved[], number: number): string {
  const cells: readonly (readonly [string, (each: Moved) => string])[] = [
    ['all Healthy after', ({ seconds }) => `${seconds.toFixed(1)} s`],
    ['half of them after', ({ half }) => `${half.toFixed(1)} s`],
    ['controller: CPU', ({ cpu }) => `${(cpu['controller'] ?? 0).toFixed(1)} s`],
    [
      'controller: CPU per canary',
      ({ cpu }) => `${((1_000 * (cpu['controller'] ?? 0)) / number).toFixed(0)} ms`,
    ],
    ['controller: memory at most', ({ peak }) => `${peak.toFixed(0)} MiB`],
    ['controller: API requests', ({ requests }) => sum(requests).toFixed(0)],
    ['API requests of all clients', ({ all }) => sum(all).toFixed(0)],
    ...['temporal', 'kube-apiserver', 'etcd', 'kube-controller-manager'].map(
      (program) =>
        [
          `${program}: CPU`,
          ({ cpu }: Moved) => (cpu[program] === undefined ? '–' : `${cpu[program].toFixed(1)} s`),
        ] as const,
    ),
    ['a step beyond its pause, p50 / p95', ({ steps }) => pair(steps)],
    [
      'a rollout: events, activities, workflow tasks',
      ({ workflow: its }) => (its === undefined ? '–' : `${its.events}, ${its.activities}, ${its.tasks}`),
    ],
    ['load average, start and end', ({ load }) => load.map((each) => each.toFixed(1)).join(', ')],
    ['requests of the controller', ({ requests }) => verbs(requests)],
    ['requests of all', ({ all }) => verbs(all)],
  ];
  return table(
    ['', ...moved.map(({ system }) => system)],
    cells.map(([what, cell]) => [what, ...moved.map(cell)]),
  );
}

function ratios(belay: readonly Moved[], argo: readonly Moved[]): string {
  const rows = belay.flatMap((ours) =>
    argo.map((theirs) => [
      `${ours.system} : ${theirs.system}`,
      ...[
        [ours.seconds, theirs.seconds],
        [ours.cpu['controller'] ?? 0, theirs.cpu['controller'] ?? 0],
        [ours.peak, theirs.peak],
        [sum(ours.requests), sum(theirs.requests)],
        [sum(ours.all), sum(theirs.all)],
      ].map(([a = 0, b = 0]) => (a / b).toFixed(2)),
    ]),
  );
  return table(['ratio, of this run', 'time', 'CPU', 'memory', 'requests', 'requests of all clients'], rows);
}

function rest({ killed, idle }: Figures): readonly string[] {
  const lines: string[] = [];
  if (killed !== undefined) {
    const { canaries, next, startSeconds, seconds } = killed;
    lines.push(
      `Worker killed (SIGKILL) with ${canaries} canaries in progress: the next worker was ready after ${startSeconds.toFixed(1)} s; from then to each rollout's next activity p50 / p95 ${pair(next)}; all Healthy ${seconds.toFixed(1)} s after the kill.`,
    );
  }
  if (idle !== undefined) {
    const { applications, creationSeconds, cpu, requests, all, rss, peak } = idle;
    const used = Object.entries(cpu).map(([program, each]) => `${program} ${each.toFixed(1)} s`);
    lines.push(
      `${applications} applications of one ConfigMap (real deliveries, synced ${creationSeconds.toFixed(0)} s after the first was created), idle for ${idle.seconds} s: CPU ${used.join(', ')}; requests of the worker ${sum(requests)} (${verbs(requests)}), of all clients ${sum(all)}; memory of the worker ${rss.toFixed(0)} MiB (${peak.toFixed(0)} at most so far); load ${idle.load.map((each) => each.toFixed(1)).join(', ')}.`,
    );
  }
  return lines.flatMap((line) => [line, '']);
}

function pair(milliseconds: readonly number[]): string {
  if (milliseconds.length === 0) return '–';
  const [middle, most] = [0.5, 0.95].map((share) => (percentile(milliseconds, share) / 1_000).toFixed(2));
  return `${middle ?? ''} / ${most ?? ''} s`;
}
