import { analysisTables } from './analysis';
import { catalogueTable } from './catalogue';
import { defaultsTable } from './defaults';
import { expressionTable } from './expressions';
import { healthTable } from './health';
import { orderTables } from './order';
import { pruneTables } from './prune';
import { replicaTables } from './replicas';
import type { Table } from './table';
import { webhookTables } from './webhooks';

/** Every table that says what Belay takes over from Argo Rollouts and Argo CD, from the data that the tests use. */
export function conformanceTables(): readonly Table[] {
  return [
    ...replicaTables(),
    defaultsTable(),
    ...analysisTables(),
    expressionTable(),
    catalogueTable(),
    healthTable(),
    ...orderTables(),
    ...pruneTables(),
    ...webhookTables(),
  ];
}

/**
 * Lines for a person: of each table how many of the rows that Belay takes over are as expected; then what differs on purpose, which is
 * checked as Belay has it but counts as no agreement; then what is not as expected.
 */
export function report(tables: readonly Table[]): {
  readonly lines: readonly string[];
  readonly isFull: boolean;
} {
  const width = Math.max(...tables.map(({ name }) => name.length));
  const counts: string[] = [];
  const differing: string[] = [];
  const failed: string[] = [];
  for (const { name, rows } of tables) {
    const own = rows.filter(({ differs }) => differs !== undefined);
    const wrong = rows.flatMap((each) => {
      const why = each.check();
      return why === undefined ? [] : [{ each, why }];
    });
    const total = rows.length - own.length;
    const passed = total - wrong.filter(({ each }) => each.differs === undefined).length;
    const besides = own.length === 0 ? '' : ` (${own.length} more differ on purpose)`;
    counts.push(`${name.padEnd(width)}  ${passed}/${total}${besides}`);
    differing.push(...own.map((each) => `  ${each.name}: ${each.differs}`));
    failed.push(...wrong.map(({ each, why }) => `  ${name}: ${each.name}: ${why}`));
  }
  return {
    lines: [
      ...counts,
      ...headed('Different from Argo on purpose, and checked as Belay has it:', differing),
      ...headed('Not as expected:', failed),
    ],
    isFull: failed.length === 0,
  };
}

function headed(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', head, ...lines];
}
