import { join } from 'node:path';
import { regoProgram, regoVersion } from '../../src/adapters/policy/program';
import { ensureTool } from './cache';
import { buildGo } from './go-tools';
import { toolsPath } from './paths';

/** Gives the program that evaluates policies in Rego with the real OPA, built at first use and kept in the cache. */
export function ensureRego(): Promise<string> {
  const module = toolsPath('policies');
  return ensureTool({
    name: regoProgram,
    version: regoVersion,
    sources: ['go.mod', 'go.sum', 'main.go', 'evaluate.go'].map((file) => join(module, file)),
    label: `building ${regoProgram} with OPA ${regoVersion} (first time only, about 30 s on 2 cores)`,
    make: (directory) => buildGo(module, '.', join(directory, regoProgram)),
  });
}
