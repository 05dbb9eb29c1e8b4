import { readFileSync } from 'node:fs';
import { evaluate, evaluateCondition, evaluateTime } from '../../src/domain/expr';
import { decode, encode } from './go-values';
import { inRepository, row, type Table } from './table';

interface Expression {
  readonly group: string;
  readonly kind: string;
  readonly env: string;
  readonly source: string;
  readonly value?: unknown;
  readonly error?: boolean;
}

/** What expr-lang itself gave for each expression: `tools/expr/main.go` says how to make the table anew. */
export function expressionTable(): Table {
  const text = readFileSync(inRepository('test', 'domain', 'expr', 'table.json'), 'utf8');
  const { environments, rows } = JSON.parse(text) as {
    readonly environments: Readonly<Record<string, unknown>>;
    readonly rows: readonly Expression[];
  };
  return {
    name: 'expr-lang expressions',
    rows: rows.map((each) =>
      row(
        `${each.group} on ${each.env}: ${each.source}`,
        each.error === true ? { error: true } : { value: each.value },
        () => ours(each, environments[each.env]),
      ),
    ),
  };
}

function ours({ kind, source }: Expression, env: unknown): unknown {
  const environment = decode(env) as Record<string, unknown>;
  const outcome =
    kind === 'condition'
      ? evaluateCondition(source, environment['result'])
      : kind === 'time'
        ? evaluateTime(source, Date.UTC(2026, 0, 1))
        : evaluate(source, environment);
  if (!outcome.ok) return outcome.message === '' ? 'no message' : { error: true };
  // A time is asked for in milliseconds, which the table has as an int.
  return { value: kind === 'time' ? { $int: String(outcome.value) } : encode(outcome.value) };
}
