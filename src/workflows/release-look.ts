import { condition } from '@temporalio/workflow';

const firstMs = 60_000;
const capMs = 600_000;

/**
 * Waits for somebody's answer, and tells them again now and then: they may have been recovered meanwhile. False when they were not
 * there two times in a row, a minute apart: then nobody will answer any more.
 */
export async function untilAnswered(
  tell: () => Promise<unknown>,
  isAnswered: () => boolean,
  summary: string,
): Promise<boolean> {
  let hasMissed = false;
  for (let lookMs = firstMs; ; lookMs = hasMissed ? firstMs : Math.min(capMs, lookMs * 2)) {
    const isThere = await tell().then(
      () => true,
      () => false,
    );
    if (isAnswered()) return true;
    if (!isThere && hasMissed) return false;
    hasMissed = !isThere;
    if (await condition(isAnswered, hasMissed ? firstMs : lookMs, { summary })) return true;
  }
}
