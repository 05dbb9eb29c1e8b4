import { canaries } from './canaries/main';
import { gitops } from './gitops/main';
import { largeRepository } from './large-repository/main';
import { releases } from './releases/main';
import { rollbacks } from './rollbacks/main';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  gitops,
  canaries,
  rollbacks,
  releases,
  'large-repository': largeRepository,
};

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const bench = benches[name];
  if (bench !== undefined) return bench(args);
  process.stderr.write(`npm run bench -- NAME   with NAME one of: ${Object.keys(benches).join(', ')}\n`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
