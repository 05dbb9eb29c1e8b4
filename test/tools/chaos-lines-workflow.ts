import { proxyActivities } from '@temporalio/workflow';

const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({
  // What a line swallows is tried again after this time.
  startToCloseTimeout: '4s',
  retry: { initialInterval: '50ms' },
});

/** Has somebody greeted. */
export function greeting(name: string): Promise<string> {
  return greet(name);
}
