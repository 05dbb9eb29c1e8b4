import type { HealthWord } from '../../domain/application-status';
import type { Health } from '../../domain/health';
import { scriptFor, type HealthScript } from '../../domain/health/scripts';
import type { KubeObject } from '../../domain/kube-object';
import type { Kind } from '../../ports/cluster';
import type { HealthScripts } from '../../ports/health';
import { LuaThread, type Ran } from './lua-thread';

/** As in Argo CD. */
const defaultLimitMs = 1_000;
/** For so long a script that has run out of time is not run again, so that it does not hold up the others. */
const restMs = 60_000;
const words: readonly string[] = [
  'Healthy',
  'Progressing',
  'Suspended',
  'Missing',
  'Degraded',
  'Unknown',
] satisfies HealthWord[];

/**
 * Runs users' `health.lua` as Argo CD does: the object is the global `obj`, the answer a table with `status` and `message`. Lua is 5.4
 * with the names of 5.1 that such scripts use; of the libraries there are base, string, table, math, `os.time` and `os.date`. A run may
 * take 1 s and 16 MiB. The values of a Secret are not given to its script.
 */
export function createHealthScripts(
  scripts: readonly HealthScript[],
  { limitMs = defaultLimitMs }: { readonly limitMs?: number } = {},
): HealthScripts {
  const lua = new LuaThread(limitMs);
  const byKind = new Map<string, HealthScript | undefined>();
  const restsUntil = new Map<HealthScript, number>();

  function find({ apiVersion, kind }: Kind): HealthScript | undefined {
    const key = `${apiVersion}/${kind}`;
    if (!byKind.has(key)) byKind.set(key, scriptFor(scripts, { apiVersion, kind }));
    return byKind.get(key);
  }

  return {
    covers: (kind) => find(kind) !== undefined,
    async healthOf(object) {
      const script = find(object);
      if (script === undefined) return undefined;
      if ((restsUntil.get(script) ?? 0) > Date.now()) return unknown(script, late(limitMs));
      const ran = await lua.run({ script: script.lua, object: JSON.stringify(withoutSecrets(object)) });
      if (ran.kind === 'late') restsUntil.set(script, Date.now() + restMs);
      return toHealth(script, ran, limitMs);
    },
    close: () => lua.close(),
  };
}

function toHealth(script: HealthScript, ran: Ran, limitMs: number): Health {
  switch (ran.kind) {
    case 'late':
      return unknown(script, late(limitMs));
    case 'failed':
      return unknown(script, ran.reason);
    case 'said':
      if (!words.includes(ran.status))
        return unknown(
          script,
          `it returned the status "${ran.status}", which is none of ${words.join(', ')}`,
        );
      return { status: ran.status as HealthWord, ...(ran.message === '' ? {} : { message: ran.message }) };
  }
}

function unknown({ kinds }: HealthScript, reason: string): Health {
  return { status: 'Unknown', message: `health script of ${kinds}: ${reason}` };
}

function late(limitMs: number): string {
  return `it had not ended after ${limitMs} ms`;
}

function withoutSecrets(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret') return object;
  const { data: _data, stringData: _text, ...rest } = object;
  return rest;
}
