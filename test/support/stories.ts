/**
 * Stories that run at the same time, each with objects of its own, and are reported as tests of their own: most of their time is
 * waiting. `begin` starts them all (in `beforeAll`); `defineTests` names them.
 */
export interface Stories {
  readonly begin: () => void;
  readonly defineTests: (withinMs: number) => void;
}

export function concurrentStories(stories: Readonly<Record<string, () => Promise<void>>>): Stories {
  const running = new Map<string, Promise<void>>();
  return {
    begin: () => {
      for (const [name, tell] of Object.entries(stories)) {
        const told = tell();
        told.catch(() => undefined); // its test reports it
        running.set(name, told);
      }
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
