import { conformanceTables, report } from './tables';

/** `npm run conformance`: 1 when a row is not as expected. */
const { lines, isFull } = report(conformanceTables());
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = isFull ? 0 : 1;
