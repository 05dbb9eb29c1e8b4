import type { Finding } from './located';

/** Whether an application or a release may be called so: the name becomes a part of workflow ids and a label value. */
export function isNameOfWorkflow(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

/** What is wrong with another `metadata.name`. */
export function notANameOfWorkflow(name: string): Finding {
  const message = `name "${name}" is not made of at most 63 lower-case letters, digits and dashes`;
  const remedy = 'rename it: the name becomes a workflow id and a label value';
  return { code: 'InvalidSpec', path: ['metadata', 'name'], message, value: name, remedy };
}
