import { readFile } from 'node:fs/promises';

/** Where a secret lies: an environment variable or a file, the variable first. */
export interface SecretPlace {
  readonly variable: string | undefined;
  readonly file: string | undefined;
}

/** Reads a secret as it is now; undefined when it is missing or empty. */
export async function readSecret({ variable, file }: SecretPlace): Promise<string | undefined> {
  const text =
    variable !== undefined
      ? process.env[variable]
      : await readFile(file ?? '', 'utf8').catch(() => undefined);
  return text === undefined || text.trim() === '' ? undefined : text;
}

/** The place as people know it. */
export function describePlace({ variable, file }: SecretPlace): string {
  return variable === undefined ? `file ${file}` : `environment variable ${variable}`;
}
