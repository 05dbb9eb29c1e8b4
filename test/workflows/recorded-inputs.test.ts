import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { recordedInputs, type RecordedInput } from '../support/recorded-inputs';

/*
 * What a workflow of the version before has asked for may be done by a worker of this one: the activity may have waited, or be tried
 * again after the upgrade. So every input that a history holds must still fit the type that the activity reads now: a field that is
 * added must be optional. The same for the state with which a workflow begins anew.
 */
const root = join(__dirname, '..', '..');
const file = join(root, 'test', 'workflows', 'recorded-inputs.generated.ts');

const types = `
import type { ClusterActivities, ControlActivities, GitActivities, ObserveActivities } from '../../src/activities';
import type * as workflows from '../../src/workflows';
type Activities = ClusterActivities & ControlActivities & GitActivities & ObserveActivities;
// JSON leaves out what is undefined.
type Json<T> = T extends readonly (infer E)[]
  ? readonly Json<E>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? K : never]?: Json<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? never : K]: Json<T[K]>;
      }
    : T;
type Activity<N extends keyof Activities> = Json<Parameters<Activities[N]>[0]>;
type Workflow<N extends keyof typeof workflows> = Json<Parameters<(typeof workflows)[N]>[0]>;
`;

/** One line an input, so that the line of an error names it. `as const` keeps words; by way of a variable, fields too many are allowed. */
function source(inputs: readonly RecordedInput[]): string {
  const lines = inputs.map(({ kind, type, json }, i) => {
    const wanted = `${kind === 'activity' ? 'Activity' : 'Workflow'}<'${type}'>`;
    return `const i${i} = ${json} as const; export const o${i}: ${wanted} = i${i};`;
  });
  return [...types.split('\n'), ...lines].join('\n');
}

/** What the type check says of inputs, as `history: type: message`. */
function misfits(inputs: readonly RecordedInput[]): readonly string[] {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    root,
  );
  const options: ts.CompilerOptions = { ...config.options, noEmit: true, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  const text = source(inputs);
  host.fileExists = (path) => path === file || fileExists(path);
  host.readFile = (path) => (path === file ? text : readFile(path));
  const program = ts.createProgram([file], options, host);
  const generated = program.getSourceFile(file);
  if (generated === undefined) throw new Error('the types of the inputs could not be read');
  const first = types.split('\n').length;
  const diagnostics = [
    ...program.getSyntacticDiagnostics(generated),
    ...program.getSemanticDiagnostics(generated),
  ];
  const found = new Map<number, string>();
  for (const { start = 0, messageText } of diagnostics) {
    const line = generated.getLineAndCharacterOfPosition(start).line - first;
    const { history, type } = inputs[line] ?? { history: 'the test', type: `line ${line}` };
    const message = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (!found.has(line)) found.set(line, `${history}: ${type}: ${message}`);
  }
  return [...found.values()];
}

test('every input that a history holds still fits what reads it now', () => {
  const inputs = recordedInputs();
  expect(new Set(inputs.map(({ kind }) => kind)).size).toBe(2);
  expect(misfits(inputs)).toEqual([]);
}, 300_000);

test('an input that lacks a required field, or whose activity is gone, is named; one field too many is not', () => {
  const input = { kind: 'activity', type: 'describeWorkflow', history: 'rollout/v0/old' } as const;
  const found = misfits([
    { ...input, json: '{}' },
    { ...input, json: '{"workflowId":"a","more":1}' },
    { ...input, type: 'goneSince', json: '{}' },
  ]);
  expect(found).toEqual([
    expect.stringMatching(/^rollout\/v0\/old: describeWorkflow: .*workflowId/s),
    expect.stringMatching(/^rollout\/v0\/old: goneSince: /),
  ]);
}, 300_000);
