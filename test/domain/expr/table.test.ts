import { expressionTable } from '../../../tools/conformance/expressions';
import table from './table.json';

/** The table is what expr-lang 1.17.7 itself gave: `tools/expr/main.go` says how to make it anew. */
describe('expr-lang', () => {
  const { rows } = expressionTable();

  it('is compared on many expressions', () => {
    expect(rows.length).toBeGreaterThan(1000);
    expect(table.rows.filter((each) => 'error' in each && each.error === true).length).toBeGreaterThan(300);
  });

  test.each(rows)('$name', ({ check }) => {
    expect(check()).toBeUndefined();
  });
});
