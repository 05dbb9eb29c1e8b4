import type { Outcome } from './play';
import type { Scenario } from './scenario';
import { meanOf, p95Of, shareOf } from './statistics';

/** A scenario and what became of it. */
export interface Played {
  readonly scenario: Scenario;
  readonly outcomes: readonly Outcome[];
}

/** All tables as Markdown: false alarms, detection, and what every engine was set to. */
export function report(played: readonly Played[]): string {
  const of = (...kinds: readonly Scenario['kind'][]) =>
    played.filter(({ scenario }) => kinds.includes(scenario.kind));
  const sections = [
    section('False alarms: the versions are equally good', alarmTable(of('same'))),
    section('The new version is worse by exactly what is tolerated', alarmTable(of('tolerated'))),
    section('What the test was not made for', alarmTable(of('broken'))),
    section('Bad versions at a glance', glance(of('bad'))),
    ...of('bad').map(({ scenario, outcomes }) =>
      section(`Found: ${scenario.says} (\`${scenario.name}\`)`, detectionTable(scenario, outcomes)),
    ),
    section('Settings', settings(played)),
  ];
  return sections.filter((text) => text !== '').join('\n\n') + '\n';
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

/** Scenarios down, engines across: share of rollouts that were rolled back. */
function alarmTable(played: readonly Played[]): string {
  if (played.length === 0) return '';
  const engines = enginesOf(played);
  return table(
    ['scenario', ...engines],
    played.map(({ scenario, outcomes }) => [
      `\`${scenario.name}\`: ${scenario.says}`,
      ...engines.map((engine) => {
        const outcome = outcomes.find((each) => each.engine === engine);
        return outcome === undefined ? '–' : rate(outcome.falseAlarms, outcome.rollouts);
      }),
    ]),
  );
}

/** Scenarios down, engines across: mean seconds / failed requests until the rollback, and how many were found unless all were. */
function glance(played: readonly Played[]): string {
  if (played.length === 0) return '';
  const engines = enginesOf(played);
  const cell = ({ delays, failed, misses }: Outcome): string => {
    if (delays.length === 0 || misses === delays.length) return 'never';
    const means = `${number(meanOf(delays))} s / ${number(meanOf(failed))}`;
    const found = (100 * (delays.length - misses)) / delays.length;
    return misses === 0 ? means : `≥ ${means} (${found.toFixed(found < 1 || found > 99 ? 1 : 0)} %)`;
  };
  return table(
    ['scenario', ...engines],
    played.map(({ scenario, outcomes }) => [
      `\`${scenario.name}\``,
      ...engines.map((engine) => {
        const outcome = outcomes.find((each) => each.engine === engine);
        return outcome === undefined ? '–' : cell(outcome);
      }),
    ]),
  );
}

/** All engines, in the order of the scenario that has most of them. */
function enginesOf(played: readonly Played[]): readonly string[] {
  const lists = played.map(({ outcomes }) => outcomes.map(({ engine }) => engine));
  return [...new Set(lists.toSorted((a, b) => b.length - a.length).flat())];
}

/** Engines down: how many rollouts were found, how fast, at what price. */
function detectionTable(scenario: Scenario, outcomes: readonly Outcome[]): string {
  const price = scenario.metric === 'latency' ? 'requests until then' : 'failed requests';
  const heads = ['engine', 'found', 'seconds, mean', '95th percentile', `${price}, mean`, '95th percentile'];
  const rows = outcomes.map(({ engine, delays, failed, misses, falseAlarms, rollouts }) => {
    const found = rate(delays.length - misses, delays.length);
    const early = falseAlarms === 0 ? '' : `; ${rate(falseAlarms, rollouts)} too early`;
    const isCut = misses > 0.05 * delays.length;
    const last = `${isCut ? '> ' : ''}${number(p95Of(delays))}`;
    const seconds = `${misses > 0 ? '≥ ' : ''}${number(meanOf(delays))}`;
    return [engine, found + early, seconds, last, number(meanOf(failed)), number(p95Of(failed))];
  });
  return table(heads, rows);
}

function settings(played: readonly Played[]): string {
  const seen = new Map(
    played.flatMap(({ scenario, outcomes }) =>
      scenario.engines
        .filter((engine) => outcomes.some((outcome) => outcome.engine === engine.name))
        .map((engine) => {
          const about = scenario.metric === 'latency' ? `${engine.name}, latency` : engine.name;
          return [`${about}: ${engine.settings}`, engine.every] as const;
        }),
    ),
  );
  return [...seen]
    .map(([text, every]) => `- ${text}${every === 1 ? '' : ` (one rollout of ${every})`}`)
    .join('\n');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** `0.41 % (0.30–0.56)`, the interval at 95 %. */
function rate(found: number, all: number): string {
  if (all === 0) return '–';
  const { share, low, high } = shareOf(found, all);
  const percent = (value: number): string => (100 * value).toFixed(all >= 1000 ? 2 : 1);
  return `${percent(share)} % (${percent(low)}–${percent(high)})`;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 0 : 1);
}
