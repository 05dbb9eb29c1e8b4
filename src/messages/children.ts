import type { ApplicationSpec } from '../domain/application-spec';
import type { Children } from '../domain/release/children';

/** Workflow type that reads the Applications of a parent Application once; the parent is none of Belay's applications. */
export const childrenWorkflow = 'children';

/** `children/<parent>/<unique id>`. */
export function childrenId(parent: string, id: string): string {
  return `children/${parent}/${id}`;
}

export interface ChildrenInput {
  /** The parent. */
  readonly spec: ApplicationSpec;
}

export interface ChildrenResult extends Children {
  /** What was read; absent where the parent's cluster was not found. */
  readonly revision?: string;
}
