export { breakGlass } from './break-glass';
export { findApplications } from './recover';
