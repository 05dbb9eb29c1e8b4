/** How much one check of a revision may take. */
export interface PolicyLimits {
  /** For all rules of one engine together. */
  readonly withinMs: number;
  readonly memoryMb: number;
}

export const defaultLimits: PolicyLimits = { withinMs: 10_000, memoryMb: 512 };

/** Of one folder of policies. */
export const folderLimits = { files: 500, bytes: 4_000_000 } as const;
