import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '../cli/worker-options';
import { ClientError } from '../client/client-error';
import type { Receiver } from '../server/listen';
import { startReceiver } from '../server/main';

/** Receives webhooks in the worker's own process, where it was told a port for them. */
export async function serveWebhooks(
  client: Client,
  { webhookPort: port, webhookSecrets }: WorkerOptions,
): Promise<Receiver | undefined> {
  if (port === undefined) return undefined;
  if (webhookSecrets !== undefined) return startReceiver(client, { port, webhookSecrets });
  const remedy = 'name the file of their secrets with --webhook-secrets FILE';
  throw new ClientError('InvalidConfig', '--webhook-port lets nobody in without secrets', { remedy });
}
