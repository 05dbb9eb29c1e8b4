import { Client, Connection } from '@temporalio/client';

/** Every payload and failure of every workflow's history, as text with payloads decoded. */
export async function everyHistory(address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const texts: string[] = [];
  for await (const { workflowId, runId } of workflow.list()) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    texts.push(JSON.stringify(history, decodeBytes));
  }
  await connection.close();
  return texts.join('\n');
}

function decodeBytes(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  const bytes = value as { readonly type?: unknown; readonly data?: readonly number[] } | null;
  if (bytes?.type === 'Buffer' && Array.isArray(bytes.data)) return Buffer.from(bytes.data).toString('utf8');
  return value;
}
