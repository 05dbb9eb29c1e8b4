import type { Millis } from '../../domain/strategy';

/** How much is read, and how long is waited, before a chart repository is called broken. */
export interface ChartLimits {
  /** Bytes of an `index.yaml`; the largest public ones have about 20 million. */
  readonly indexBytes: number;
  /** Characters of what an index says of one chart. */
  readonly chartEntriesLength: number;
  readonly archiveBytes: number;
  /** Bytes of a manifest, of one page of tags and of a token. */
  readonly documentBytes: number;
  /** Tags of one OCI repository. */
  readonly tags: number;
  readonly redirects: number;
  /** One request with its redirects, to the last byte. */
  readonly timeoutMs: Millis;
  /** Without a byte for so long, a request is given up. */
  readonly stalledMs: Millis;
  /** An index, a list of tags or a manifest that is not older is not asked for again. */
  readonly freshMs: Millis;
}

export const defaultLimits: ChartLimits = {
  indexBytes: 32 << 20,
  chartEntriesLength: 5_000_000,
  archiveBytes: 32 << 20,
  documentBytes: 4 << 20,
  tags: 100_000,
  redirects: 5,
  timeoutMs: 60_000,
  stalledMs: 15_000,
  freshMs: 30_000,
};
