import type { Client } from '@temporalio/client';
import type { ProtoFailure } from '@temporalio/common';

const mostCharacters = 600;

/**
 * What a failure that Temporal keeps says, innermost cause last: `ApplyFailed: … : connection refused`. One that is encoded is decoded
 * with the keys of this client; without them its placeholder is shown.
 */
export async function failureText(
  client: Client,
  failure: ProtoFailure | null | undefined,
): Promise<string | undefined> {
  if (failure === null || failure === undefined) return undefined;
  const texts: string[] = [];
  for (let each: ProtoFailure | null | undefined = failure; each; each = each.cause) {
    const text = await messageOf(client, each);
    if (text !== '' && !texts.some((known) => known.includes(text))) texts.push(text);
  }
  const all = texts.join(': ');
  return all === '' ? undefined : all.slice(0, mostCharacters);
}

async function messageOf(client: Client, failure: ProtoFailure): Promise<string> {
  const { failureConverter, payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  const { encodedAttributes, cause: _cause, ...own } = failure;
  if (!encodedAttributes) return failure.message ?? '';
  try {
    let payloads = [encodedAttributes];
    for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
    const [decoded] = payloads;
    const whole = decoded === undefined ? own : { ...own, encodedAttributes: decoded };
    return failureConverter.failureToError(whole, payloadConverter).message;
  } catch {
    return failure.message ?? '';
  }
}
