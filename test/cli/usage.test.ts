import { createProgram } from '../../src/cli/program';
import type { CliContext } from '../../src/cli/context';
import type { Command } from 'commander';
import { ClientError } from '../../src/client/client-error';
import { applicationStatus } from '../client/fixtures/statuses';
import { failing, runCli } from './run-cli';

test.each([
  ['statu web', "error: unknown command 'statu'\n  try: belay status\n"],
  ['app gte web', "error: unknown command 'gte'\n  try: belay app get\n"],
  ['app get', "error: missing required argument 'name'\n  try: belay app get --help\n"],
  ['app get web --wach', "error: unknown option '--wach'\n  try: belay app get … --watch\n"],
  [
    'app create',
    "error: required option '-f, --filename <file>' not specified\n  try: belay app create --help\n",
  ],
  [
    'app list -o xml',
    "error: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are wide, json, yaml, name.\n  try: belay app list --help\n",
  ],
  [
    'status web --timeout soon',
    "error: option '--timeout <duration>' argument 'soon' is invalid. write seconds such as 10, or a number with a unit such as 10s, 5m, 1h or 1h30m\n  try: belay status --help\n",
  ],
  [
    'app delete web',
    'error: what shall happen to the objects of web in the cluster?\n  try: belay app delete web --no-cascade, or --cascade\n',
  ],
])('`belay %s` is bad usage', async (line, err) => {
  expect(await runCli(line)).toEqual({ code: 2, out: '', err });
});

test('help and version are no failure', async () => {
  expect(await runCli('--help')).toMatchObject({ code: 0, err: '' });
  expect(await runCli('')).toMatchObject({ code: 0, err: '' });
  expect(await runCli('help app')).toMatchObject({ code: 0, err: '' });
  expect(await runCli('--version')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^belay \d+\.\d+\.\d+\n$/),
  });
  expect(await runCli('version')).toMatchObject({ code: 0, out: expect.stringMatching(/^belay .*\(Node v/) });
});

test('a failure is said with what to do, and ends with 1', async () => {
  const error = new ClientError('ApplicationNotFound', 'there is no application web', {
    remedy: 'belay app list',
  });
  const ran = await runCli('why web', { applicationStatus: failing(error) });
  expect(ran).toEqual({
    code: 1,
    out: '',
    err: 'error: there is no application web\n  try: belay app list\n',
  });
});

test('a wait that takes too long ends with 3', async () => {
  const error = new ClientError('TimedOut', 'web was not there after 5 s: it syncs');
  const ran = await runCli('status web --wait --timeout 5', { waitFor: failing(error) });
  expect(ran).toEqual({ code: 3, out: '', err: 'error: web was not there after 5 s: it syncs\n' });
});

test.each([
  ['healthy', {}, 0, 'web: ✔ Healthy: the cluster is equal to 3f2c1aa\n'],
  ['degraded', { health: 'Degraded', message: 'pods crash' }, 1, 'web: ✖ Degraded: pods crash\n'],
  ['held', { held: true, message: 'held: main is protected' }, 1, 'web: ✖ Held: main is protected\n'],
] as const)('the status of a %s application', async (_, changes, code, out) => {
  const status = async () => applicationStatus(changes);
  expect(await runCli('status web', { applicationStatus: status })).toEqual({ code, out, err: '' });
});

describe('every command', () => {
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  const commands = leaves(createProgram({ stdout: {}, stderr: {} } as CliContext)).map((command) => {
    const path = `${command.parent?.name() === 'belay' ? '' : `${command.parent?.name()} `}${command.name()}`;
    return path;
  });
  test.each(commands)('`belay %s` has a help with examples', async (path) => {
    const { code, out } = await runCli(`${path} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: belay ${path}`);
    expect(out).toMatch(new RegExp(`Examples:\n(  \\$ .*belay ${path}.*\n)+`));
  });
});
