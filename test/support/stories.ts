/** More would only wait for the two cores of a small machine. */
const atOnce = 6;

/**
 * Stories that run at the same time, each with objects of its own, and are reported as tests of their own: most of their time is
 * waiting. `begin` starts them all (in `beforeAll`); `defineTests` names them.
 */
export interface Stories {
  readonly begin: () => void;
  readonly defineTests: (withinMs: number) => void;
}

export function concurrentStories(
  stories: Readonly<Record<string, () => Promise<void>>>,
  lanesAtOnce = atOnce,
): Stories {
  const running = new Map<string, Promise<void>>();
  return {
    begin: () => {
      const lanes: Promise<unknown>[] = Array.from({ length: lanesAtOnce }, () => Promise.resolve());
      Object.entries(stories).forEach(([name, tell], index) => {
        const lane = index % lanesAtOnce;
        const told = (lanes[lane] ?? Promise.resolve()).then(tell);
        lanes[lane] = told.catch(() => undefined); // its test reports it
        running.set(name, told);
      });
    },
    defineTests: (withinMs) => {
      test.each(Object.keys(stories))(
        '%s',
        async (name) => running.get(name) ?? Promise.reject(new Error('not begun')),
        withinMs,
      );
    },
  };
}
