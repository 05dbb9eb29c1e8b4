import type { ApplicationStatus } from '../../domain/application-status';
import { ClientError } from '../../client/client-error';
import type { DrillFault } from '../../domain/drill/fault';
import { UsageError } from '../usage-error';
import { breakSource } from './break';
import type { Breakage } from './breakage';
import type { DrillClone } from './clone';
import type { ExperimentFile } from './experiment';
import type { SubjectRequest } from './subject';

/** What a person asks for. */
export interface DrillRequest extends SubjectRequest {
  readonly fault: DrillFault;
  readonly id: string;
  readonly branch?: string;
  readonly workload?: string;
  readonly container?: string;
  readonly overlay?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly probe?: string;
  /** With the fault `experiment`. */
  readonly experiment?: ExperimentFile;
  readonly timeoutMs: number;
}

/** The change that is to be pushed: one application broken, the others of its branch moved with it. */
export interface DrillPlan extends Breakage {
  /** Applications that move with the broken one. */
  readonly moved: readonly string[];
  /** Those that cannot be moved by a change that breaks nothing, and why. */
  readonly still: readonly string[];
}

/** Plans the commit; fails where the branch is not what the applications have delivered. */
export async function planDrill(
  clone: DrillClone,
  [faulty, ...others]: readonly [ApplicationStatus, ...ApplicationStatus[]],
  request: DrillRequest,
): Promise<DrillPlan> {
  for (const each of [faulty, ...others]) await checkDelivered(clone, each);
  const { files, what } = await breakSource(clone, { ...request, source: faulty.spec.source });
  const all = new Map(files);
  const moved: string[] = [];
  const still: string[] = [];
  for (const { spec } of others) {
    try {
      const harmless = { fault: 'none', id: request.id, env: {}, values: {}, source: spec.source } as const;
      const change = await breakSource(clone, harmless);
      if ([...change.files.keys()].some((path) => all.has(path))) {
        still.push(`${spec.name} (it shares files with another)`);
        continue;
      }
      for (const [path, text] of change.files) all.set(path, text);
      moved.push(spec.name);
    } catch (error: unknown) {
      if (!(error instanceof UsageError)) throw error;
      still.push(`${spec.name} (${error.message})`);
    }
  }
  return { files: all, what, moved, still };
}

async function checkDelivered(clone: DrillClone, { spec, state }: ApplicationStatus): Promise<void> {
  const { source, name } = spec;
  const head = await clone.head();
  if (state.good !== undefined && (await clone.tree(head, source.path)) === state.good.tree) return;
  throw new ClientError('Rejected', `${name} has not delivered yet what Git holds at ${head.slice(0, 12)}`, {
    remedy: `wait for it: \`belay status ${name} --wait\``,
  });
}
