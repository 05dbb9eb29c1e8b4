import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ClientError } from './client-error';

/** Where `belay dev` says how to reach what it started: `.belay/dev.json`. */
export interface DevFile {
  readonly address: string;
  readonly namespace?: string;
  readonly uiUrl?: string;
}

/** The `.belay/dev.json` of `directory` or of the nearest parent that has one. */
export function findDevFile(directory: string): DevFile | undefined {
  for (let dir = resolve(directory); ; dir = dirname(dir)) {
    const path = join(dir, '.belay', 'dev.json');
    const text = readIfThere(path);
    if (text !== undefined) return parseDevFile(text, path);
    if (dir === dirname(dir)) return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseDevFile(text: string, path: string): DevFile {
  const content = parseJson(text);
  const { address, namespace, uiUrl } = content ?? {};
  if (typeof address !== 'string') {
    const remedy = 'delete the file and start `belay dev` again, or set TEMPORAL_ADDRESS';
    throw new ClientError('InvalidConfig', `${path} does not name the address of a Temporal server`, {
      remedy,
    });
  }
  return {
    address,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof uiUrl === 'string' ? { uiUrl } : {}),
  };
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
