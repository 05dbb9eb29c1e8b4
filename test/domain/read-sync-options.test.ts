import type { SyncOptions } from '../../src/domain/application-spec';
import { fieldName, type Finding } from '../../src/domain/located';
import { readSyncOptionList } from '../../src/domain/read-sync-options';

function read(...texts: readonly unknown[]) {
  const findings: Finding[] = [];
  const list = readSyncOptionList(
    texts.map((text, index) => ({ text, path: ['options', index] })),
    (finding) => findings.push(finding),
  );
  const told = findings.map(
    ({ code, path, message, remedy }) => `${code} ${fieldName(path)}: ${message}; ${remedy ?? ''}`,
  );
  return { ...list, told };
}

const rows: readonly (readonly [string, SyncOptions])[] = [
  ['Validate=false', { validate: false }],
  ['Validate=true', { validate: true }],
  ['SkipDryRunOnMissingResource=true', { skipDryRunOnMissingResource: true }],
  ['PruneLast=true', { pruneLast: true }],
  ['Replace=true', { replace: true }],
  ['Replace=false', { replace: false }],
  ['Force=true', { force: true }],
  ['ServerSideApply=true', { serverSideApply: true }],
  ['ServerSideApply=false', { serverSideApply: false }],
  ['ApplyOutOfSyncOnly=true', { applyOutOfSyncOnly: true }],
  ['Prune=false', { prune: false }],
  ['Prune=true', { prune: true }],
  ['Prune=confirm', { prune: 'confirm' }],
  ['Delete=false', { delete: false }],
  ['Delete=confirm', { delete: 'confirm' }],
  ['ClientSideApplyMigration=false', { clientSideApplyMigration: false }],
  ['PrunePropagationPolicy=foreground', { prunePropagation: 'Foreground' }],
  ['PrunePropagationPolicy=background', { prunePropagation: 'Background' }],
  ['PrunePropagationPolicy=orphan', { prunePropagation: 'Orphan' }],
  ['RespectIgnoreDifferences=true', { respectIgnoreDifferences: true }],
  ['FailOnSharedResource=true', { failOnSharedResource: true }],
];

test.each(rows)('reads %s', (text, options) => {
  expect(read(text)).toEqual({ options, told: [] });
});

test('keeps CreateNamespace apart from what objects are told too', () => {
  expect(read('CreateNamespace=true')).toEqual({ createNamespace: true, options: {}, told: [] });
  expect(read('CreateNamespace=false')).toEqual({ createNamespace: false, options: {}, told: [] });
});

test('the last one of a name counts, and no list says nothing', () => {
  expect(read('Prune=confirm', 'Replace=true', 'Prune=true')).toEqual({
    options: { prune: true, replace: true },
    told: [],
  });
  expect(read()).toEqual({ options: {}, told: [] });
});

test.each([
  [
    'CreateNamespace=maybe',
    'InvalidSpec options[0]: "maybe" is no value of sync option CreateNamespace; write true or false',
  ],
  [
    'Force=confirm',
    'InvalidSpec options[0]: "confirm" is no value of sync option Force; write true or false',
  ],
  [
    'Prune=confrim',
    'InvalidSpec options[0]: "confrim" is no value of sync option Prune; did you mean "confirm"?',
  ],
  ['Replace=', 'InvalidSpec options[0]: "" is no value of sync option Replace; write true or false'],
  ['Replace=TRUE', 'InvalidSpec options[0]: "TRUE" is no value of sync option Replace; did you mean "true"?'],
  [
    'PrunePropagationPolicy=Foreground',
    'InvalidSpec options[0]: "Foreground" is no value of sync option PrunePropagationPolicy; did you mean "foreground"?',
  ],
  ['PruneLst=true', 'UnknownField options[0]: unknown sync option PruneLst; did you mean "PruneLast"?'],
  ['constructor=true', 'UnknownField options[0]: unknown sync option constructor; remove it'],
  [
    'Replace',
    'InvalidSpec options[0]: must be written as Name=value, not "Replace"; such as CreateNamespace=true',
  ],
  [
    '=true',
    'InvalidSpec options[0]: must be written as Name=value, not "=true"; such as CreateNamespace=true',
  ],
  [
    5,
    'InvalidSpec options[0]: must be written as Name=value, not the number 5; such as CreateNamespace=true',
  ],
  [
    { Replace: true },
    'InvalidSpec options[0]: must be written as Name=value, not a map of fields; such as CreateNamespace=true',
  ],
])('refuses %j, and reads the rest', (text, told) => {
  expect(read(text, 'PruneLast=true')).toEqual({ options: { pruneLast: true }, told: [told] });
});
