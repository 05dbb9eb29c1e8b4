import { Client, Connection } from '@temporalio/client';
import { openDataConverter, payloadKeysFile } from '../adapters/codec';
import type { ReceiverOptions } from '../cli/receiver-options';
import { findEndpoint } from '../client/endpoint';
import { listen, type Receiver } from './listen';
import { debouncedLooks } from './looks';
import { say } from './say';
import { openSecrets } from './secrets';
import { signalLook } from './signal-look';
import { untilStopped } from './until-stopped';

const limits = {
  bodyBytes: 4 << 20,
  perAddress: { perSecond: 20, burst: 200 },
  overall: { perSecond: 100, burst: 500 },
  atOnce: 32,
};
const requestMs = 10_000;
const debounceMs = 300;
const signalWithinMs = 5_000;

/** Starts to receive webhooks with a client that is there already. Throws ClientError when secrets or port are unusable. */
export async function startReceiver(client: Client, options: ReceiverOptions): Promise<Receiver> {
  const { webhookSecrets, trustProxy = false, ...where } = options;
  const said = new Set<string>();
  const open = async () => {
    const opened = await openSecrets(webhookSecrets);
    // Once each: a secret that is missing is missing at every request.
    for (const trouble of opened.troubles)
      if (said.size < 1_000 && !said.has(trouble)) say(`webhooks: ${trouble}`);
    opened.troubles.forEach((trouble) => said.add(trouble));
    return opened;
  };
  for (const { provider, proof, repositories = 'all repositories' } of (await open()).secrets)
    if (proof.kind === 'unsigned')
      say(`webhooks: ${provider} is believed without a signature for ${repositories}`);
  const look = debouncedLooks(signalLook(client, signalWithinMs), debounceMs);
  const receiver = await listen({ ...where, say, requestMs, limits, trustProxy, look, openSecrets: open });
  say(`webhooks are received at port ${receiver.port}, path /webhook`);
  return receiver;
}

/** Receives webhooks until SIGINT or SIGTERM. Needs Temporal only, and starts without it: it says 503 until Temporal is there. */
export async function runReceiver(options: ReceiverOptions): Promise<void> {
  const { address, namespace, security } = findEndpoint(process.env, process.cwd());
  const dataConverter = openDataConverter(payloadKeysFile(options.payloadKeys, process.env), { say });
  const connection = Connection.lazy({ address, ...security });
  try {
    const receiver = await startReceiver(new Client({ connection, namespace, dataConverter }), options);
    say(`receiver ready: Temporal ${address}`);
    await untilStopped();
    await receiver.close();
  } finally {
    await connection.close();
  }
}
