/** How much Belay reads before it calls a file an attack or a mistake. */
export const limits = {
  /** Characters of one file; the largest bundles of custom resource definitions have about 4 million. */
  fileLength: 5_000_000,
  /** Objects of one revision of one application. */
  objects: 5_000,
  /** Uses of one anchor, times the anchors inside it. */
  aliases: 1_000,
  /** Characters of one object with its aliases expanded: what the API server takes in one request. */
  objectLength: 3_000_000,
  /** Maps and lists inside each other. */
  depth: 100,
} as const;
