import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One service of docker-compose.yml, as far as the tests look. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target?: string };
  readonly command?: readonly string[];
  readonly env_file?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart: string;
}

/** The Compose file of the project. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const root = join(__dirname, '..', '..');

/** The text of a file of the project. */
export function readProjectFile(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}

/** docker-compose.yml; a key that is written twice is an error. */
export function readCompose(): ComposeFile {
  return parse(readProjectFile('docker-compose.yml'), { uniqueKeys: true }) as ComposeFile;
}

/** The variables of a file for `env_file`. */
export function readEnvFile(...path: readonly string[]): Readonly<Record<string, string>> {
  const lines = readProjectFile(...path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
}

/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of a Dockerfile, each with the instructions below its FROM. */
export function readStages(): readonly (readonly Instruction[])[] {
  const instructions = readProjectFile('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1).trim() }));
  const stages: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}
