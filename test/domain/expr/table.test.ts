import { evaluate, evaluateCondition, evaluateTime } from '../../../src/domain/expr';
import { decode, encode } from './decode';
import table from './table.json';

interface Row {
  readonly group: string;
  readonly kind: string;
  readonly env: string;
  readonly source: string;
  readonly value?: unknown;
  readonly error?: boolean;
}

const environments = table.environments as Record<string, unknown>;

function ours({ kind, env, source }: Row): unknown {
  const environment = decode(environments[env]) as Record<string, unknown>;
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

/** The table is what expr-lang 1.17.7 itself gave: `tools/expr/main.go` says how to make it anew. */
describe('expr-lang', () => {
  const rows: readonly Row[] = table.rows;

  it('is compared on many expressions', () => {
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.filter((row) => row.error === true).length).toBeGreaterThan(300);
  });

  test.each(rows)('$group on $env: $source', (row) => {
    expect(ours(row)).toStrictEqual(row.error === true ? { error: true } : { value: row.value });
  });
});
