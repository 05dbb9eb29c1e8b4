import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../messages/search-attributes';

/** `temporal.api.enums.v1.IndexedValueType`. */
const types = { KEYWORD: 2, INT: 3 } as const;

/**
 * Makes sure that our search attributes exist before anything is polled: an upsert of an unknown one would fail its workflow task
 * for ever. Where the service does not let us look (Temporal Cloud), they must have been made beforehand.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { operatorService } = connection;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter(({ name }) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  const wanted = Object.fromEntries(
    missing.map(({ name, type }) => [name, type === 'INT' ? types.INT : types.KEYWORD]),
  );
  await operatorService.addSearchAttributes({ namespace, searchAttributes: wanted });
}
