import { healthOf } from '../../src/domain/health';
import type { KubeObject } from '../../src/domain/kube-object';
import { readTable, row, type Table } from './table';

interface Case {
  readonly name: string;
  readonly object: KubeObject;
  /** Null: it has no health. */
  readonly expected: string | null;
  /** Where the very message matters. */
  readonly message?: string;
  readonly differs?: string;
}

/** Objects of Kubernetes and what Argo CD says of them. */
export function healthTable(): Table {
  const rows = readTable<readonly Case[]>('health.json').map(
    ({ name, object, expected, message, differs }) => {
      const wanted = message === undefined ? expected : { status: expected, message };
      const ours = () => {
        const found = healthOf(object);
        return message === undefined ? (found?.status ?? null) : found;
      };
      return row(name, wanted, ours, differs);
    },
  );
  return { name: 'health', rows };
}
