import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock';
import { cacheDir } from './paths';

/** A program that is built or downloaded once and kept in the cache. */
export interface Tool {
  /** The name of the program file. */
  name: string;
  version: string;
  /** The files that decide what is built: another content is another cache entry. */
  sources: string[];
  /** What to tell the user while it is made, as in "building kwok 0.8.0 (first time only)". */
  label: string;
  /** Writes the program, under its name, into the directory. */
  make(directory: string): Promise<void>;
}

/** Returns the path of the tool's program, made at first use, once even if several processes ask. */
export async function ensureTool(tool: Tool): Promise<string> {
  const entry = join(cacheDir(), `${tool.name}-${tool.version}-${await hashSources(tool)}`);
  const program = join(entry, tool.name);
  if (existsSync(program)) return program;
  await mkdir(cacheDir(), { recursive: true });
  let stopWaiting = () => {};
  const onWait = () => (stopWaiting = showProgress(`waiting for another process that is ${tool.label}`));
  const make = () => {
    stopWaiting();
    return makeEntry(tool, entry, program);
  };
  await withLock(`${entry}.lock`, make, onWait);
  return program;
}

async function makeEntry(tool: Tool, entry: string, program: string): Promise<void> {
  if (existsSync(program)) return;
  // Under the lock nobody else makes it: what is here was left by a process that died.
  const draft = `${entry}.making`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  const stopProgress = showProgress(tool.label);
  try {
    await tool.make(draft);
    await rm(entry, { recursive: true, force: true });
    await rename(draft, entry);
  } finally {
    stopProgress();
    await rm(draft, { recursive: true, force: true });
  }
}

async function hashSources(tool: Tool): Promise<string> {
  const hash = createHash('sha256').update(
    `${tool.name} ${tool.version} ${process.platform} ${process.arch}`,
  );
  for (const source of tool.sources) hash.update(await readFile(source));
  return hash.digest('hex').slice(0, 12);
}

/** Tells on stderr that work goes on: a counter on a terminal, a line every 15 seconds elsewhere. */
function showProgress(label: string): () => void {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  const show = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    process.stderr.write(`${terminal ? '\r' : ''}${label} ... ${seconds} s${terminal ? '' : '\n'}`);
  };
  show();
  const timer = setInterval(show, terminal ? 1_000 : 15_000);
  return () => {
    clearInterval(timer);
    if (terminal) process.stderr.write('\n');
  };
}
