/** Prints the story as it happens, with measured seconds, and counts the claims that did not hold. */
export interface Timeline {
  chapter(title: string): void;
  /** Starts the clock of this chapter: what follows is measured from here. */
  start(text: string): void;
  event(text: string): void;
  /** A claim that was checked against the cluster or Git. */
  check(claim: string, holds: boolean, found?: unknown): void;
  /** Seconds since `start`, noted as a figure, with its bound in seconds. */
  within(claim: string, bound: number, seconds: number): void;
  failures(): readonly string[];
}

export function createTimeline(print: (line: string) => void): Timeline {
  let zero = performance.now();
  const failed: string[] = [];
  const seconds = (): string => `${((performance.now() - zero) / 1000).toFixed(1).padStart(6)} s`;
  const check = (claim: string, holds: boolean, found?: unknown): void => {
    if (!holds) failed.push(claim);
    const detail =
      holds || found === undefined
        ? ''
        : `  found: ${typeof found === 'string' ? found : JSON.stringify(found)}`;
    print(`         ${holds ? '✔' : '✖'} ${claim}${detail}`);
  };
  return {
    chapter: (title) => print(`\n${title}`),
    start: (text) => {
      zero = performance.now();
      print(`${seconds()}  ${text}`);
    },
    event: (text) => print(`${seconds()}  ${text}`),
    check,
    within: (claim, bound, measured) =>
      check(`${claim}: ${measured.toFixed(1)} s (at most ${bound} s)`, measured <= bound),
    failures: () => failed,
  };
}
