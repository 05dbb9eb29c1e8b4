import type { BelayClient } from '../client/belay-client';
import type { ApplicationSpec } from '../domain/application-spec';
import type { CliContext } from './context';
import { printLines } from './output/print';
import { tellProblems } from './output/tell-problems';

/**
 * The applications in the paths of parents, or undefined when something is wrong with any: then nothing is to be created. What else is in
 * there is named, as nobody delivers it.
 */
export async function findChildren(
  cli: CliContext,
  client: BelayClient,
  parents: readonly ApplicationSpec[],
): Promise<readonly ApplicationSpec[] | undefined> {
  const found: ApplicationSpec[] = [];
  let isGood = true;
  for (const parent of parents) {
    const { children, others, problems, revision = '' } = await client.childrenOf(parent);
    tellProblems(cli, problems);
    isGood &&= problems.length === 0;
    found.push(...children);
    if (problems.length > 0) continue;
    const besides = others.length === 0 ? '' : `; not delivered: ${others.join(', ')}`;
    const count = children.length === 1 ? '1 application' : `${children.length} applications`;
    printLines(cli, [`${parent.name}: ${count} at ${revision.slice(0, 12)}${besides}`]);
  }
  return isGood ? found : undefined;
}
