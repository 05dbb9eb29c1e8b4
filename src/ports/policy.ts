import type { Read } from '../domain/problem';
import type { Project } from '../domain/project/project';

/** What the worker's own policy allows: applications only claim to be of a project, and this says what that is worth. */
export interface Policy {
  /** The project as it is now; a problem when there is none of this name, or the policy cannot be read. */
  project(name: string): Read<Project>;
}
