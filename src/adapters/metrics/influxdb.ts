import { fieldOf } from '../../domain/read-json';
import { wrong } from './failure';
import { successful } from './http';
import { fluxValues } from './influx-csv';
import { provider, type Measured, type Tools } from './provider';
import { readSecret } from './read-secret';
import type { Spec } from './spec';
import { readUrl, under } from './url';

interface Plan {
  readonly query: string;
  /** The Secret with `address`, `authToken` and `org`. */
  readonly profile: string;
}

const timeoutMs = 30_000;

/** Argo's `influxdb`: the list of `_value` of every record that a Flux query finds, on InfluxDB 2. */
export const influxdb = provider(read, ask);

function read(spec: Spec): Plan {
  return { query: spec.required('query'), profile: spec.text('profile') ?? 'influxdb' };
}

async function ask({ query, profile }: Plan, tools: Tools): Promise<Measured> {
  const connection = tools.connect({ timeoutMs, isInsecure: false });
  const keys = ['address', 'authToken', 'org'] as const;
  const read = Promise.all(keys.map((key) => readSecret(profile, key, tools)));
  const [address, token, org] = await connection.wait(read);
  if (!address || !token || !org)
    throw wrong(`Secret ${profile} with address, authToken and org is not there`);
  const url = under(readUrl(address, `key address of Secret ${profile}`, tools.secrets), '/api/v2/query');
  url.search = new URLSearchParams({ org }).toString();
  const headers = {
    authorization: `Token ${token}`,
    'content-type': 'application/json',
    accept: 'application/csv',
  };
  const dialect = { header: true, delimiter: ',', annotations: ['datatype', 'group', 'default'] };
  const body = JSON.stringify({ query, type: 'flux', dialect });
  const answer = await connection.send({ method: 'POST', url, headers, body });
  return { value: fluxValues(successful(answer, saidByInflux).text) };
}

/** What a refusal says: `{"code": "invalid", "message": "…"}`. */
function saidByInflux(text: string): string | undefined {
  try {
    const message = fieldOf(JSON.parse(text), 'message');
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
