import type { LuaEngine } from 'wasmoon';
import type { Answer, Job } from './protocol';

/*
 * The program of the sandbox thread. Node runs this file by itself, as it is in the sources too: it may import types, and values only
 * by `import()`.
 */

const memoryBytes = 16 * 1024 * 1024;
const longestText = 1_000;

/** What the base library brings that reaches out of the script, or that Lua 5.1 has not. */
const forbidden = ['collectgarbage', 'dofile', 'load', 'loadfile', 'print', 'warn'];

/** Functions of Lua 5.1, for which Argo CD's users write, that 5.4 has under other names or not at all; and its two of `os`. */
const prelude = `
unpack = table.unpack
table.getn = function(t) return #t end
table.maxn = function(t) local most = 0 for k in pairs(t) do if type(k) == 'number' and k > most then most = k end end return most end
math.pow = function(x, y) return x ^ y end
math.mod = math.fmod
string.gfind = string.gmatch
os = { time = os.time, date = os.date }
`;

async function main(): Promise<void> {
  const { parentPort } = await import('node:worker_threads');
  const { LuaFactory, LuaLibraries } = await import('wasmoon');
  const factory = new LuaFactory();

  /** A new Lua for each run: nothing of one object is there for the next. */
  async function newLua(): Promise<LuaEngine> {
    const lua = await factory.createEngine({
      openStandardLibs: false,
      injectObjects: false,
      enableProxy: false,
      traceAllocations: true,
    });
    const { Base, String, Table, Math, OS } = LuaLibraries;
    for (const library of [Base, String, Table, Math, OS]) lua.global.loadLibrary(library);
    lua.doStringSync(prelude);
    for (const name of forbidden) lua.global.set(name, undefined);
    lua.global.setMemoryMax(lua.global.getMemoryUsed() + memoryBytes);
    return lua;
  }

  let next = await newLua();
  parentPort?.on('message', ({ script, object }: Job) => void run(script, object));

  async function run(script: string, object: string): Promise<void> {
    const lua = next;
    parentPort?.postMessage(answerOf(lua, script, object));
    lua.global.close();
    next = await newLua();
    parentPort?.postMessage({ kind: 'ready' } satisfies Answer);
  }

  parentPort?.postMessage({ kind: 'ready' } satisfies Answer);
}

function answerOf(lua: LuaEngine, script: string, object: string): Answer {
  try {
    // Lua has no null: a field that is null is not there.
    lua.global.set(
      'obj',
      JSON.parse(object, (_key, value: unknown) => value ?? undefined),
    );
    const result: unknown = lua.doStringSync(script);
    if (typeof result !== 'object' || result === null || Array.isArray(result))
      return { kind: 'failed', reason: `it returned ${result === undefined ? 'nothing' : 'no table'}` };
    const { status, message } = result as { readonly status?: unknown; readonly message?: unknown };
    return { kind: 'said', status: textOf(status) ?? '', message: textOf(message) ?? '' };
  } catch (error: unknown) {
    const text = error instanceof Error ? error.message : String(error);
    const first = (text.split('\n')[0] ?? '').replace(/^\[string ".*"\]:(\d+): /, 'line $1: ');
    return { kind: 'failed', reason: first.slice(0, longestText) };
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).slice(0, longestText)
    : undefined;
}

void main();
