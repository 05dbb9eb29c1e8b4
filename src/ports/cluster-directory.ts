/** A cluster as its workers have announced it. */
export interface KnownCluster {
  readonly id: string;
  readonly server: string;
  /** `in-cluster` among them: some worker has it as its own cluster. URLs by which workers reach it are names, too. */
  readonly names: readonly string[];
  /** A worker of it has been heard of within the last half minute. */
  readonly isServed: boolean;
}

/** Which clusters the workers of this Temporal namespace serve. It outlives every worker. */
export interface ClusterDirectory {
  /** Makes sure that everybody can find the cluster under these names. `anew`: under no others; else those of other workers stay. */
  announce(cluster: Omit<KnownCluster, 'isServed'>, anew: boolean): Promise<void>;
  known(): Promise<readonly KnownCluster[]>;
}
