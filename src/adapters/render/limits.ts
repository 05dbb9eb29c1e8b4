/** What one run of a program may take; whoever wants more has made a mistake, or is an attacker. */
export interface RenderLimits {
  /** Milliseconds from the start of the program. */
  readonly wallMs: number;
  /** Bytes of standard output. */
  readonly outputBytes: number;
  /** Bytes of resident memory. */
  readonly memoryBytes: number;
}

export const defaultLimits: RenderLimits = {
  wallMs: 90_000,
  outputBytes: 64 << 20,
  memoryBytes: 1 << 30,
};
