'use strict';

const arrow = ' → ';
const signs = { passed: 'as it must be', failed: 'FAILED', pending: 'not tried' };

/** A reporter for jest: the tests named `group: server → outcome` as a table, once all have ended. */
class Behaviours {
  onRunComplete(_contexts, { testResults }) {
    const rows = testResults
      .flatMap((file) => file.testResults)
      .filter(({ title }) => title.includes(arrow))
      .map(({ title, status }) => [...title.split(arrow), signs[status] ?? status]);
    const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
    const lines = rows
      .map(([server, outcome, sign]) => `${server.padEnd(widths[0])}  ${outcome.padEnd(widths[1])}  ${sign}`)
      .sort();
    if (lines.length > 0) process.stderr.write(`\n${lines.join('\n')}\n`);
  }
}

module.exports = Behaviours;
