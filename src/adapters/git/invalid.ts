import { PortError } from '../../ports/port-error';

/** A refusal of what a person wrote. */
export function invalid(message: string, facts: Readonly<Record<string, string | number>> = {}): PortError {
  return new PortError(message, { code: 'InvalidSpec', retry: 'never', facts });
}
