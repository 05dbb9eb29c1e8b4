import type { Problem, Read } from '../../domain/problem';
import { safeText } from '../../ports/known-secrets';
import type { Confinement } from './confinement';
import type { RunLimit } from '../programs/run';
import { createJail, sweepJails, type Jail } from './jail';
import type { RenderLimits } from './limits';
import { findTool, type Program, type ProgramName, type ProgramPaths } from './programs';
import { runSandboxed } from './sandbox';
import { Slots } from '../programs/slots';

export interface ToolboxOptions {
  readonly dir: string;
  readonly programs: Partial<ProgramPaths>;
  readonly limits: RenderLimits;
  readonly concurrency: number;
  readonly confinement?: Confinement;
}

/** Runs the program once: its output, or what it complained about read by `explain`. */
export type Exec = (
  args: readonly string[],
  cwd: string,
  explain: (stderr: string) => Problem,
) => Promise<Read<string>>;

/** The pinned programs, and jails to run them in. */
export class Toolbox {
  readonly #found = new Map<ProgramName, Promise<Read<Program>>>();
  readonly #slots: Slots;
  #swept: Promise<void> | undefined;

  constructor(readonly options: ToolboxOptions) {
    this.#slots = new Slots(options.concurrency);
  }

  /** Where the program is, and its version; looked for again until it is found. */
  async find(name: ProgramName): Promise<Read<Program>> {
    const found = this.#found.get(name) ?? findTool(name, this.options.programs);
    this.#found.set(name, found);
    const read = await found;
    if (!read.ok) this.#found.delete(name);
    return read;
  }

  /** Gives a jail with the program to `work`, when a slot is free, and removes it afterwards. */
  async use<T>(
    name: ProgramName,
    signal: AbortSignal,
    work: (jail: Jail, exec: Exec) => Promise<Read<T>>,
  ): Promise<Read<T>> {
    const program = await this.find(name);
    if (!program.ok) return program;
    const { dir, limits, confinement } = this.options;
    await (this.#swept ??= sweepJails(dir));
    return await this.#slots.run(async () => {
      const jail = await createJail(dir, name, program.value.path);
      try {
        return await work(jail, async (args, cwd, explain) => {
          const result = await runSandboxed({
            ...(confinement !== undefined && { confinement }),
            jail,
            program: name,
            args,
            cwd,
            limits,
            signal,
          });
          if (result.kind === 'done') return { ok: true, value: result.stdout };
          const problem =
            result.kind === 'failed' ? explain(safeText(result.stderr)) : stopped(name, result.limit, limits);
          return { ok: false, problems: [problem] };
        });
      } finally {
        await jail.remove();
      }
    }, signal);
  }
}

function stopped(name: ProgramName, limit: RunLimit, limits: RenderLimits): Problem {
  const what = {
    time: `took longer than ${limits.wallMs / 1000} s`,
    output: `gave more than ${Math.floor(limits.outputBytes / (1 << 20))} MiB of manifests`,
    memory: `used more than ${Math.floor(limits.memoryBytes / (1 << 20))} MiB of memory`,
  }[limit];
  return {
    code: 'InvalidSpec',
    message: `${name} ${what} and was stopped`,
    remedy: 'look for a loop in the templates, or split the application',
  };
}
