import { anchors } from './anchors';
import type { Phase } from './phase';
import { percentile, sum } from './statistics';

/** Everything that one run has found. */
export interface Figures {
  readonly applications: number;
  readonly machine: { readonly cpus: number; readonly model: string; readonly load: readonly number[] };
  readonly pollSeconds: number;
  /** What ended the run before its end. */
  readonly failure?: string;
  readonly syncs: readonly Phase[];
  readonly idle?: Idle;
  /** Milliseconds. */
  readonly webhook: readonly number[];
  readonly polling: readonly number[];
  readonly healing: readonly number[];
}

export interface Idle {
  readonly phase: Phase;
  /** Of all clients, from the API server's own metrics. */
  readonly all: Readonly<Record<string, number>>;
}

type Row = readonly [what: string, figure: string, goal: string, isMet: boolean | undefined];

/** The figures as Markdown: what was asked for first, then what it cost, then what others have published. */
export function report(figures: Figures): string {
  const { applications, machine } = figures;
  const load = machine.load.map((each) => each.toFixed(1)).join(', ');
  return [
    `${applications} applications of 5 objects, one repository, one API server, one worker; ${machine.cpus} CPUs (${machine.model}) for all of it.`,
    `Load average of the machine, 1 min: ${load} at the start and the end.`,
    ...(figures.failure === undefined
      ? []
      : ['', `It ended early, and what follows is incomplete: ${figures.failure}`]),
    '',
    table(['figure', 'measured', 'goal', ''], goals(figures).map(rowOf)),
    '',
    costs(figures),
    '',
    'Published by others, on other machines and under other conditions; nothing follows from a division:',
    '',
    table(
      ['system', 'what', 'figure', 'source'],
      anchors.map((each) => [each.system, each.what, each.figure, each.source]),
    ),
    '',
  ].join('\n');
}

/** What the run is judged by. */
export function goals({ syncs, idle, applications, ...rest }: Figures): readonly Row[] {
  const limits = [undefined, 60, undefined, undefined];
  const times = syncs.map(({ name, seconds }, index): Row => {
    const limit = limits[index];
    return [`${name}, until all are synced`, `${seconds.toFixed(1)} s`, ...atMost(limit, seconds, 's')];
  });
  const [first] = syncs.slice(0, 1);
  const elsewhere = syncs[3];
  const ratios = [syncs[1], syncs[2], elsewhere].flatMap((each): Row[] =>
    each === undefined || first === undefined
      ? []
      : [
          [
            `${each.name}, of the first sync's time`,
            (each.seconds / first.seconds).toFixed(2),
            '',
            undefined,
          ],
        ],
  );
  const quiet: Row[] =
    elsewhere === undefined
      ? []
      : [
          [
            `${elsewhere.name}, requests per application`,
            elsewhere.requestsPerApplication.toFixed(2),
            'about 0',
            elsewhere.requestsPerApplication < 0.1,
          ],
        ];
  return [...times, ...ratios, ...quiet, ...idleRows(idle, applications), ...latencyRows(rest)];
}

function idleRows(idle: Idle | undefined, applications: number): Row[] {
  if (idle === undefined) return [];
  const { phase, all } = idle;
  const minutes = phase.seconds / 60;
  const share = (seconds: number): string => `${((100 * seconds) / phase.seconds).toFixed(1)} % of a CPU`;
  const own = sum(phase.requests) / applications / minutes;
  const every = sum(all) / applications / minutes;
  return [
    ['idle: requests of the worker per application and minute', own.toFixed(3), ...atMost(1, own, '')],
    ['idle: of all clients, as the API server counts', every.toFixed(3), '', undefined],
    ['idle: memory of the worker', `${phase.rss.toFixed(0)} MiB`, ...atMost(400, phase.rss, 'MiB')],
    ['idle: processor time of the worker', share(phase.cpu.worker), '', undefined],
    ['idle: processor time of Temporal', share(phase.cpu.temporal), '', undefined],
  ];
}

function latencyRows({
  webhook,
  polling,
  healing,
  pollSeconds,
}: Pick<Figures, 'webhook' | 'polling' | 'healing' | 'pollSeconds'>): Row[] {
  const row = (what: string, values: readonly number[], limit: number): Row[] => {
    if (values.length === 0) return [];
    const [middle, most] = [0.5, 0.95].map((share) => percentile(values, share) / 1000);
    return [
      [
        `${what}, ${values.length} times, p50 / p95`,
        `${(middle ?? 0).toFixed(2)} / ${(most ?? 0).toFixed(2)} s`,
        ...atMost(limit, most ?? Infinity, 's'),
      ],
    ];
  };
  return [
    ...row('push → first apply by a webhook’s hint', webhook, 2),
    ...row(`push → first apply by polling every ${pollSeconds} s`, polling, pollSeconds + 2),
    ...row('edit → healed', healing, 3),
  ];
}

function atMost(limit: number | undefined, value: number, unit: string): [string, boolean | undefined] {
  return limit === undefined ? ['', undefined] : [`≤ ${limit} ${unit}`.trim(), value <= limit];
}

function rowOf([what, figure, goal, isMet]: Row): readonly string[] {
  return [what, figure, goal, isMet === undefined ? '' : isMet ? 'met' : 'MISSED'];
}

function costs({ syncs, idle }: Figures): string {
  const phases = [...syncs, ...(idle === undefined ? [] : [idle.phase])];
  return table(
    [
      'what it cost',
      'API requests per application',
      'history events',
      'CPU s: worker',
      'Temporal',
      'API server',
      'etcd',
      'worker MiB',
    ],
    phases.map(({ name, requests, requestsPerApplication, events, cpu, rss }) => [
      `${name} (${verbs(requests)})`,
      requestsPerApplication.toFixed(2),
      events.toFixed(0),
      cpu.worker.toFixed(1),
      cpu.temporal.toFixed(1),
      cpu['kube-apiserver'].toFixed(1),
      cpu.etcd.toFixed(1),
      rss.toFixed(0),
    ]),
  );
}

/** The most frequent requests in words. */
export function verbs(requests: Readonly<Record<string, number>>): string {
  return Object.entries(requests)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([verb, count]) => `${verb} ${count}`)
    .join(', ');
}

/** Rows of cells as Markdown, all but the first column to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
