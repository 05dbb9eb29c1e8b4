#!/usr/bin/env node
// Starts the compiled command line. Belay needs Node 22.19 or newer; on an older one it starts itself again with the Node
// that is installed beside it (npm package `node`), so that it works whatever the host has.
'use strict';

const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const needed = [22, 19];

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function nodeBeside() {
  try {
    const program = join(dirname(require.resolve('node/package.json')), 'bin', 'node');
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

function fail(message, remedy) {
  process.stderr.write(`error: ${message}\n  try: ${remedy}\n`);
  process.exit(1);
}

/** Streams are inherited and signals passed on, but for Ctrl-C in a terminal: that reaches both processes anyway. */
function startAgain(program) {
  const child = spawn(program, [__filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  const passed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
  const pass = (signal) => child.kill(signal);
  for (const signal of passed) process.on(signal, pass);
  process.on('SIGINT', (signal) => (process.stdin.isTTY ? undefined : pass(signal)));
  child.on('error', (error) => fail(`${program} cannot be started: ${error.message}`, 'run npm ci'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of [...passed, 'SIGINT']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

function start() {
  const entry = join(__dirname, '..', 'dist', 'src', 'cli', 'main.js');
  if (!existsSync(entry)) fail('Belay is not built (there is no dist/)', 'run npm ci');
  require(entry).main();
}

if (isNewEnough(process.versions.node)) start();
else {
  const program = nodeBeside();
  if (program === undefined)
    fail(`Belay needs Node ${needed.join('.')} or newer, this is ${process.version}`, 'run npm ci');
  startAgain(program);
}
