import { wrong } from './failure';
import type { Tools } from './provider';
import { readSecret } from './read-secret';
import type { Spec } from './spec';
import { readUrl } from './url';

export interface DatadogAccount {
  readonly address: URL;
  readonly apiKey: string;
  readonly appKey: string;
}

const defaultAddress = 'https://api.datadoghq.com';

/**
 * Where Datadog is and who asks: the Secret that `secretRef` names, with `address`, `api-key` and `app-key`; else the worker's
 * DD_API_KEY and DD_APP_KEY; else the Secret `datadog`. The worker's keys go only to the worker's own DD_ADDRESS or DD_SITE.
 */
export function datadogAccount(secretRef: Spec | undefined, tools: Tools): () => Promise<DatadogAccount> {
  const named = secretRef?.text('name');
  // Belay reads Secrets of the application's namespace only, so that both values mean the same.
  if (secretRef?.flag('namespaced') === true && named === undefined)
    throw wrong(`field ${secretRef.path}.name is missing`);
  return async () => {
    const own = named === undefined ? ofEnvironment(tools) : undefined;
    return own ?? ofSecret(named ?? 'datadog', tools);
  };
}

function ofEnvironment({ environment, secrets }: Tools): DatadogAccount | undefined {
  const { DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_ADDRESS, DD_SITE } = environment;
  if (!apiKey || !appKey) return undefined;
  secrets.add(apiKey, appKey);
  const address = DD_ADDRESS || (DD_SITE ? `https://api.${DD_SITE}` : defaultAddress);
  return { address: readUrl(address, "the worker's DD_ADDRESS or DD_SITE", secrets), apiKey, appKey };
}

async function ofSecret(name: string, tools: Tools): Promise<DatadogAccount> {
  const read = (key: string) => readSecret(name, key, tools);
  const [apiKey, appKey, address] = await Promise.all([read('api-key'), read('app-key'), read('address')]);
  if (!apiKey || !appKey) throw wrong(`Secret ${name} with api-key and app-key is not there`);
  const what = `key address of Secret ${name}`;
  return { address: readUrl(address || defaultAddress, what, tools.secrets), apiKey, appKey };
}
